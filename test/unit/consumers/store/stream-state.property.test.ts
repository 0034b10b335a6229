import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countMissing,
  isInHole,
  monthOf,
  producerStateOf,
  recordSequence,
  type StreamState,
  stateFromLedger,
} from '../../../../consumers/store/stream-state.ts';

const anySequences = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });

describe('the missing ranges of a producer', () => {
  it('contain exactly the missing sequences below the highest one, in any order of arrival', () => {
    fc.assert(
      fc.property(anySequences, (sequences) => {
        const state: StreamState = new Map();
        const known = producerStateOf(state, 'p', 0);
        for (const sequence of sequences) recordSequence(known, sequence);
        const highest = Math.max(...sequences);
        const missing = Array.from({ length: highest }, (_, index) => index + 1).filter(
          (sequence) => !sequences.includes(sequence),
        );
        expect(known.highest).toBe(highest);
        expect(known.holes.flatMap(({ first, last }) => range(first, last))).toEqual(missing);
        expect(countMissing(state)).toBe(missing.length);
        for (const sequence of range(0, highest + 2))
          expect(isInHole(known, sequence)).toBe(missing.includes(sequence));
      }),
    );
  });

  it('combine consecutive missing sequences', () => {
    fc.assert(
      fc.property(anySequences, (sequences) => {
        const known = producerStateOf(new Map(), 'p', 0);
        for (const sequence of sequences) recordSequence(known, sequence);
        known.holes.forEach(({ first, last }, index) => {
          expect(first).toBeLessThanOrEqual(last);
          expect(first).toBeGreaterThan((known.holes[index - 1]?.last ?? -1) + 1);
        });
      }),
    );
  });

  it('represent a million consecutive missing events as one range', () => {
    const known = producerStateOf(new Map(), 'p', 0);
    recordSequence(known, 1_000_001);
    expect(known.holes).toEqual([{ first: 1, last: 1_000_000 }]);
    recordSequence(known, 500_000);
    expect(known.holes).toEqual([
      { first: 1, last: 499_999 },
      { first: 500_001, last: 1_000_000 },
    ]);
  });
});

describe('stateFromLedger', () => {
  it('returns a high-water mark per producer, partition and month, and the highest sequence', () => {
    const line = { producer: 'p', partition: 0, rows: 1 };
    const state = stateFromLedger([
      { ...line, month: 202611, highest: 7 },
      { ...line, month: 202612, highest: 9 },
      { ...line, partition: 1, month: 202611, highest: 3 },
      { ...line, producer: 'q', month: 202611, highest: 5 },
    ]);
    expect([...state]).toEqual([
      [
        '0/p',
        {
          marks: new Map([
            [202611, 7],
            [202612, 9],
          ]),
          highest: 9,
          holes: [],
        },
      ],
      ['1/p', { marks: new Map([[202611, 3]]), highest: 3, holes: [] }],
      ['0/q', { marks: new Map([[202611, 5]]), highest: 5, holes: [] }],
    ]);
  });

  it('distinguishes producers and partitions with similar names', () => {
    const state: StreamState = new Map();
    for (const [producer, partition] of [
      ['1', 0],
      ['0', 1],
      ['0-1', 0],
      ['1', 10],
      ['11', 0],
    ] as const)
      producerStateOf(state, producer, partition).highest = 1;
    expect(state.size).toBe(5);
  });
});

it('monthOf returns the month in UTC, exact to the millisecond', () => {
  expect(monthOf(Date.UTC(2026, 11, 1) - 1)).toBe(202611);
  expect(monthOf(Date.UTC(2026, 11, 1))).toBe(202612);
  expect(monthOf(Date.UTC(2027, 0, 1) - 1)).toBe(202612);
  expect(monthOf(Date.UTC(2027, 0, 1))).toBe(202701);
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
