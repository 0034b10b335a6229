/** Whether two samples look like draws of one distribution, by measures that outliers do not move. */

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * How often a value of the first is larger than one of the second (Mann and Whitney; ties count half): 0.5 where they
 * are alike, 0 or 1 where they do not overlap.
 */
export function superiority(first: readonly number[], second: readonly number[]): number {
  const sorted = second.toSorted((one, other) => one - other);
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
  /** Difference of the medians, as part of the second's. */
  readonly shift: number;
  readonly superiority: number;
}

export function compare(first: readonly number[], second: readonly number[]): Comparison {
  const usual = median(second);
  return { shift: (median(first) - usual) / usual, superiority: superiority(first, second) };
}
