import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRegular } from '../../../../../consumers/recovery/integrity/streams/streams.ts';

/** Rows of one stream, each in one of three months, with any sequences, possibly repeated. */
const anyRows = fc.array(
  fc.record({ sequence: fc.integer({ min: 0, max: 8 }), month: fc.constantFrom(202610, 202611, 202612) }),
  { maxLength: 10 },
);

function monthsOf(rows: readonly { sequence: number; month: number }[]) {
  return [...new Set(rows.map(({ month }) => month))].map((month) => {
    const inMonth = rows.filter((row) => row.month === month).map(({ sequence }) => sequence);
    return {
      ...{ producer: 'p', partition: 0, month, rows: inMonth.length, distinct: new Set(inMonth).size },
      ...{ lowest: Math.min(...inMonth), highest: Math.max(...inMonth) },
    };
  });
}

it('isRegular accepts a stream only if its sequences are 1 to the highest, each once', () => {
  const anyTidyRows = fc
    .nat(8)
    .chain((count) =>
      fc
        .array(fc.constantFrom(202610, 202611, 202612), { minLength: count, maxLength: count })
        .map((months) => months.sort().map((month, index) => ({ sequence: index + 1, month }))),
    );
  fc.assert(
    fc.property(fc.oneof(anyRows, anyTidyRows), (rows) => {
      const sequences = rows.map(({ sequence }) => sequence).sort((left, right) => left - right);
      const isWhole = sequences.every((sequence, index) => sequence === index + 1);
      if (isRegular(monthsOf(rows))) expect(isWhole).toBe(true);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(anyTidyRows, (rows) => {
      expect(isRegular(monthsOf(rows))).toBe(true);
    }),
  );
});
