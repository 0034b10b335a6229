// The functions in this file measure whether two samples have the same distribution, even if they contain outliers.

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * Returns the probability that a value of the first sample is larger than a value of the second sample
 * (Mann-Whitney; ties count half). 0.5 means that the samples are alike. 0 or 1 means that they do not overlap.
 */
export function superiority(first: readonly number[], second: readonly number[]): number {
  const sorted = second.toSorted((left, right) => left - right);
  const total = first.reduce((sum, value) => {
    const below = countBelow(sorted, value, false);
    return sum + (below + countBelow(sorted, value, true)) / 2;
  }, 0);
  return total / (first.length * second.length);
}

function countBelow(sorted: readonly number[], value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] as number;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Comparison {
  /** The difference of the medians, relative to the second median. */
  readonly shift: number;
  readonly superiority: number;
}

export function compare(first: readonly number[], second: readonly number[]): Comparison {
  const reference = median(second);
  return { shift: (median(first) - reference) / reference, superiority: superiority(first, second) };
}
