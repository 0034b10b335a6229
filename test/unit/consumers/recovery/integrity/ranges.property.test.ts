import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  common,
  highestOf,
  includes,
  type SequenceSet,
  setOf,
  sizeOf,
  union,
  without,
} from '../../../../../consumers/recovery/integrity/model/ranges.ts';
import { membersOf } from './sequences.ts';

const anyRange = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -1, max: 8 }))
  .map(([first, more]) => ({ first, last: first + more }));
const anyRanges = fc.array(anyRange, { maxLength: 12 });
const anySet = anyRanges.map(setOf);

const sorted = (numbers: Iterable<number>) => [...new Set(numbers)].sort((left, right) => left - right);
const isProper = (set: SequenceSet) =>
  set.every(({ first, last }, index) => first <= last && first > (set[index - 1]?.last ?? -1) + 1);

it('setOf merges ranges in any order into a sorted set with the same members and without adjacent ranges', () => {
  fc.assert(
    fc.property(anyRanges, (ranges) => {
      const set = setOf(ranges);
      expect(isProper(set)).toBe(true);
      expect(membersOf(set)).toEqual(sorted(ranges.flatMap((range) => membersOf([range]))));
    }),
  );
});

it('range sets compute union, difference and intersection like sets of numbers', () => {
  fc.assert(
    fc.property(anySet, anySet, (left, right) => {
      const [inLeft, inRight] = [membersOf(left), new Set(membersOf(right))];
      const results = {
        union: union(left, right),
        without: without(left, right),
        common: common(left, right),
      };
      expect(Object.values(results).every(isProper)).toBe(true);
      expect(membersOf(results.union)).toEqual(sorted([...inLeft, ...inRight]));
      expect(membersOf(results.without)).toEqual(inLeft.filter((number) => !inRight.has(number)));
      expect(membersOf(results.common)).toEqual(inLeft.filter((number) => inRight.has(number)));
    }),
    { numRuns: 500 },
  );
});

it('a range set reports its size, its highest member and whether it includes a number', () => {
  fc.assert(
    fc.property(anySet, fc.integer({ min: 0, max: 50 }), (set, number) => {
      const members = membersOf(set);
      expect(sizeOf(set)).toBe(members.length);
      expect(highestOf(set)).toBe(Math.max(0, ...members));
      expect(includes(set, number)).toBe(members.includes(number));
    }),
  );
});
