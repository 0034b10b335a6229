import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketEdges } from '../../../../src/usage/time/buckets.ts';
import {
  comparisons,
  type DateShift,
  dateShift,
  fairnesses,
  shiftEdges,
} from '../../../../src/usage/time/compare.ts';
import {
  addDays,
  type PlainDate,
  parsePlainDate,
  utcMidnight,
} from '../../../../src/usage/time/plain-dates.ts';
import { dateOfDay, dateStart, wallTimeMs } from '../../../../src/usage/time/time-windows.ts';
import { parseZone, type Zone } from '../../../../src/usage/time/zones.ts';

const zones = Intl.supportedValuesOf('timeZone').map((name): Zone => parseZone(name) ?? { name });
const date = (text: string): PlainDate => parsePlainDate(text) ?? { year: 0, month: 0, day: 0 };
const text = ({ year, month, day }: PlainDate) =>
  new Date(utcMidnight({ year, month, day })).toISOString().slice(0, 10);
const rangeOf = (from: string, to: string) => ({ from: date(from), to: date(to) });

const anyRange = fc.tuple(fc.nat(6000), fc.integer({ min: 1, max: 40 })).map(([first, days]) => ({
  from: addDays(date('2016-01-01'), first),
  to: addDays(date('2016-01-01'), first + days),
}));

describe('a comparison', () => {
  it.each([
    ['a week', '2026-11-23', '2026-11-30', 'previous', 'weekday', '2026-11-16', '2026-11-23'],
    ['three days', '2026-11-27', '2026-11-30', 'previous', 'weekday', '2026-11-20', '2026-11-23'],
    ['three days', '2026-11-27', '2026-11-30', 'previous', 'elapsed', '2026-11-24', '2026-11-27'],
    ['a month', '2026-11-01', '2026-12-01', 'previous', 'weekday', '2026-09-27', '2026-10-27'],
    ['a month', '2026-11-01', '2026-12-01', 'previous', 'elapsed', '2026-10-01', '2026-10-31'],
    ['a short month', '2026-02-01', '2026-03-01', 'previous', 'elapsed', '2026-01-01', '2026-01-29'],
    ['a quarter', '2026-07-01', '2026-10-01', 'previous', 'elapsed', '2026-04-01', '2026-07-02'],
    ['a month', '2026-11-01', '2026-12-01', 'previousYear', 'weekday', '2025-11-02', '2025-12-02'],
    ['a month', '2026-11-01', '2026-12-01', 'previousYear', 'elapsed', '2025-11-01', '2025-12-01'],
    ['days', '2026-11-10', '2026-11-20', 'previousYear', 'elapsed', '2025-11-10', '2025-11-20'],
  ] as const)(
    'of %s from %s to %s with the range "%s" by %s covers %s to %s',
    (_, from, to, comparison, fairness, start, end) => {
      const shift = dateShift(rangeOf(from, to), comparison, fairness, false);
      expect([text(shift(date(from))), text(shift(date(to)))]).toEqual([start, end]);
    },
  );

  it.each([
    ['2026-11-01', '2026-12-01', 'previous', '2026-10-01', '2026-11-01'],
    ['2026-01-01', '2027-01-01', 'previous', '2025-01-01', '2026-01-01'],
    ['2026-01-01', '2027-01-01', 'previousYear', '2025-01-01', '2026-01-01'],
    ['2026-10-01', '2027-01-01', 'previousYear', '2025-10-01', '2026-01-01'],
  ] as const)(
    'of whole months from %s to %s with the range "%s" covers %s to %s',
    (from, to, comparison, start, end) => {
      const shift = dateShift(rangeOf(from, to), comparison, 'weekday', true);
      expect([text(shift(date(from))), text(shift(date(to)))]).toEqual([start, end]);
    },
  );

  it('by weekday keeps the day of the week, and a previous range never overlaps the compared range', () => {
    fc.assert(
      fc.property(anyRange, fc.constantFrom(...comparisons), (range, comparison) => {
        const shift = dateShift(range, comparison, 'weekday', false);
        const weekday = (day: PlainDate) => new Date(utcMidnight(day)).getUTCDay();
        expect(weekday(shift(range.from))).toBe(weekday(range.from));
        if (comparison === 'previous')
          expect(utcMidnight(shift(range.to))).toBeLessThanOrEqual(utcMidnight(range.from));
      }),
    );
  });

  it('shifts buckets to adjacent buckets that cover the shifted range, in every zone', () => {
    fc.assert(
      fc.property(
        anyRange,
        fc.constantFrom(...zones),
        fc.constantFrom(...comparisons),
        fc.constantFrom(...fairnesses),
        fc.constantFrom('hour' as const, 'day' as const),
        (range, zone, comparison, fairness, granularity) => {
          const window = { startMs: dateStart(range.from, zone), endMs: dateStart(range.to, zone) };
          fc.pre(window.endMs > window.startMs);
          const shift = dateShift(range, comparison, fairness, false);
          const shifted = shiftEdges(bucketEdges(window, granularity, zone), shift, zone);
          expect(shifted[0]).toBe(dateStart(shift(range.from), zone));
          expect(shifted.at(-1)).toBe(dateStart(shift(range.to), zone));
          expect(shifted).toEqual(shifted.toSorted((left, right) => left - right));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it('keeps the local time of an instant if that time exists on both days', () => {
    const zone = parseZone('Europe/Berlin') ?? { name: '' };
    const shiftInstant = (ms: number, shift: DateShift) => shiftEdges([ms], shift, zone)[0] ?? Number.NaN;
    const shift = dateShift(rangeOf('2026-11-23', '2026-11-30'), 'previousYear', 'elapsed', false);
    const at = Date.parse('2026-11-24T15:30:00+01:00');
    expect(new Date(shiftInstant(at, shift)).toISOString()).toBe('2025-11-24T14:30:00.000Z');
    const summer = dateShift(rangeOf('2026-11-23', '2026-11-30'), 'previous', 'weekday', false);
    expect(text(dateOfDay(shiftInstant(at, summer), zone))).toBe('2026-11-17');
    // The instant is 10:00 local time, before and after the clock change.
    const change = dateShift(rangeOf('2026-10-26', '2026-11-02'), 'previous', 'weekday', false);
    expect(new Date(shiftInstant(Date.parse('2026-10-26T10:00:00+01:00'), change)).toISOString()).toBe(
      '2026-10-19T08:00:00.000Z',
    );
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-29T01:00:00.000Z', 4],
    ['America/New_York', '2026-03-08', '2026-03-08T07:00:00.000Z', 4],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T15:30:00.000Z', 2],
  ])(
    'gives the quarter hours that a clock change in %s skips length 0, and all others their own local time',
    (name, day, change, skipped) => {
      const zone = parseZone(name) ?? { name: '' };
      const later = addDays(date(day), 7);
      const window = { startMs: dateStart(later, zone), endMs: dateStart(addDays(later, 1), zone) };
      const edges = bucketEdges(window, 'quarterHour', zone);
      const shifted = shiftEdges(edges, (given) => addDays(given, -7), zone);
      const lengths = shifted.slice(1).map((end, index) => end - (shifted[index] ?? 0));
      expect(lengths.filter((length) => length === 0)).toHaveLength(skipped);
      for (const [index, length] of lengths.entries()) {
        const startMs = shifted[index] ?? 0;
        if (length === 0) expect(new Date(startMs).toISOString()).toBe(change);
        else expect(wallTimeMs(startMs, zone)).toBe(index * 900_000);
      }
    },
  );
});
