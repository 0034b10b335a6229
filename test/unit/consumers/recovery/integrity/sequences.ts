import fc from 'fast-check';
import { type SequenceSet, setOf } from '../../../../../consumers/recovery/integrity/model/ranges.ts';

/** Returns all numbers in a set, in ascending order. */
export function membersOf(set: SequenceSet): number[] {
  return set.flatMap(({ first, last }) =>
    Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index),
  );
}

/** Creates a set from the given numbers. */
export function setOfNumbers(numbers: Iterable<number>): SequenceSet {
  return setOf([...numbers].map((number) => ({ first: number, last: number })));
}

/** Generates subsets of the numbers 1 to 12. */
export const anyNumbers = fc.subarray(Array.from({ length: 12 }, (_, index) => index + 1));
