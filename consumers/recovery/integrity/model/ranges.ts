import type { SequenceRange } from '../../../store/stream-state.ts';

/**
 * A set of sequences as ranges, so a range of a million sequences costs as much as a range of one. The ranges
 * are sorted; they neither overlap nor touch. All functions in this file are pure.
 */
export type SequenceSet = readonly SequenceRange[];

/** Creates a set from ranges, which may overlap and be in any order. */
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

/** Creates a set from single sequences. */
export function setOfSequences(sequences: Iterable<number>): SequenceSet {
  return setOf(Array.from(sequences, (sequence) => ({ first: sequence, last: sequence })));
}

/** Creates the set of the sequences 1 to `highest`. */
export function setUpTo(highest: number): SequenceSet {
  return highest === 0 ? [] : [{ first: 1, last: highest }];
}

/** Returns the sequences that are in any of the sets. */
export function union(...sets: readonly SequenceSet[]): SequenceSet {
  return setOf(sets.flat());
}

/** Returns the sequences that are in the first set and not in the second. */
export function without(set: SequenceSet, other: SequenceSet): SequenceSet {
  const rest: SequenceRange[] = [];
  let next = 0;
  for (const range of set) {
    while (next < other.length && (other[next] as SequenceRange).last < range.first) next += 1;
    rest.push(...rangeWithout(range, other, next));
  }
  return rest;
}

/**
 * Returns the sequences of a range that are not in `other`.
 *
 * @param from index in `other` of the first range that may overlap with `range`.
 */
function rangeWithout(range: SequenceRange, other: SequenceSet, from: number): SequenceRange[] {
  const rest: SequenceRange[] = [];
  let { first } = range;
  for (let index = from; index < other.length; index += 1) {
    const removed = other[index] as SequenceRange;
    if (removed.first > range.last) break;
    if (removed.first > first) rest.push({ first, last: removed.first - 1 });
    first = removed.last + 1;
  }
  if (first <= range.last) rest.push({ first, last: range.last });
  return rest;
}

/** Returns the sequences that are in both sets. */
export function common(set: SequenceSet, other: SequenceSet): SequenceSet {
  return without(set, without(set, other));
}

/** Returns the number of sequences. */
export function sizeOf(set: SequenceSet): number {
  return set.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** Returns the highest sequence, or 0 for an empty set. */
export function highestOf(set: SequenceSet): number {
  return set.at(-1)?.last ?? 0;
}

/** Returns whether a sequence is in the set. */
export function includes(set: SequenceSet, sequence: number): boolean {
  return set.some(({ first, last }) => first <= sequence && sequence <= last);
}
