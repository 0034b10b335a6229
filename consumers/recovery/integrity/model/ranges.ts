import type { SequenceRange } from '../../../store/stream-state.ts';

/**
 * Sets of sequences as ranges, so that a hole of a million costs as much as a hole of one. A set is a list of ranges in
 * order that neither meet nor touch; every function takes and gives such lists. Pure.
 */
export type SequenceSet = readonly SequenceRange[];

/** The set of any ranges: in any order, meeting or not. */
export function setOf(ranges: readonly SequenceRange[]): SequenceSet {
  const set: { first: number; last: number }[] = [];
  for (const { first, last } of ranges.toSorted((one, other) => one.first - other.first)) {
    const previous = set.at(-1);
    if (first > last) continue;
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else set.push({ first, last });
  }
  return set;
}

export function union(...sets: readonly SequenceSet[]): SequenceSet {
  return setOf(sets.flat());
}

/** What is in the first set and not in the second. */
export function without(set: SequenceSet, other: SequenceSet): SequenceSet {
  const left: SequenceRange[] = [];
  let next = 0;
  for (const range of set) {
    let { first } = range;
    while (next < other.length && (other[next] as SequenceRange).last < first) next += 1;
    for (let index = next; index < other.length; index += 1) {
      const taken = other[index] as SequenceRange;
      if (taken.first > range.last) break;
      if (taken.first > first) left.push({ first, last: taken.first - 1 });
      first = taken.last + 1;
    }
    if (first <= range.last) left.push({ first, last: range.last });
  }
  return left;
}

/** What is in both sets. */
export function common(set: SequenceSet, other: SequenceSet): SequenceSet {
  return without(set, without(set, other));
}

export function sizeOf(set: SequenceSet): number {
  return set.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The highest sequence; 0 of an empty set. */
export function highestOf(set: SequenceSet): number {
  return set.at(-1)?.last ?? 0;
}

export function includes(set: SequenceSet, sequence: number): boolean {
  return set.some(({ first, last }) => first <= sequence && sequence <= last);
}
