import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPattern, type Recurrence } from '../../../../src/usage/dormant/pattern.ts';
import {
  addDays,
  addMonths,
  type PlainDate,
  parsePlainDate,
  utcMidnight,
} from '../../../../src/usage/time/plain-dates.ts';

const date = (text: string): PlainDate => parsePlainDate(text) ?? { year: 0, month: 0, day: 0 };
const text = (date: PlainDate) => new Date(utcMidnight(date)).toISOString().slice(0, 10);
const daysOf = (texts: string) => texts.split(' ').map(date);
const every = (count: number, at: (index: number) => PlainDate) =>
  Array.from({ length: count }, (_, n) => at(n));

const steps: Record<Recurrence, { days?: number; months?: number; jitter: number }> = {
  week: { days: 7, jitter: 0 },
  twoWeeks: { days: 14, jitter: 1 },
  month: { months: 1, jitter: 2 },
  quarter: { months: 3, jitter: 5 },
  halfYear: { months: 6, jitter: 7 },
  year: { months: 12, jitter: 10 },
};
const scheduled = (first: PlainDate, recurrence: Recurrence, index: number) => {
  const { days = 0, months = 0 } = steps[recurrence];
  return days > 0 ? addDays(first, index * days) : addMonths(first, index * months);
};

describe('a usage pattern', () => {
  it.each([
    ['Mondays', '2026-10-05 2026-10-12 2026-10-19 2026-10-26 2026-11-02', 'week', '2026-11-30', 3],
    [
      'working days',
      '2026-10-05 2026-10-06 2026-10-12 2026-10-13 2026-10-19 2026-10-26 2026-11-02',
      'week',
      '2026-11-30',
      3,
    ],
    [
      'every other Friday',
      '2026-09-04 2026-09-18 2026-10-02 2026-10-16 2026-10-30',
      'twoWeeks',
      '2026-12-11',
      2,
    ],
    [
      'first days of months',
      '2026-07-01 2026-08-01 2026-09-01 2026-10-01 2026-11-01',
      'month',
      '2026-12-01',
      0,
    ],
    [
      'last days of months',
      '2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-31',
      'month',
      '2026-11-30',
      0,
    ],
    ['first Mondays', '2026-06-01 2026-07-06 2026-08-03 2026-09-07 2026-10-05', 'month', '2026-12-05', 1],
    [
      'closings of three days',
      '2026-08-01 2026-08-04 2026-09-01 2026-09-03 2026-10-02 2026-11-01 2026-11-05',
      'month',
      '2026-12-01',
      0,
    ],
    ['quarters', '2026-01-05 2026-04-07 2026-07-03 2026-10-05', 'quarter', '2027-01-05', 0],
    ['half years', '2025-06-15 2025-12-20 2026-06-18', 'halfYear', '2026-12-18', 0],
    ['years', '2023-12-20 2024-12-18 2025-12-22', 'year', '2026-12-22', 0],
  ])('is detected in regular use: %s', (_, days, recurrence, nextExpected, missed) => {
    const pattern = findPattern(daysOf(days), date('2026-11-30'));
    expect(pattern && { ...pattern, nextExpected: text(pattern.nextExpected) }).toMatchObject({
      every: recurrence,
      nextExpected,
      missed,
    });
  });

  it.each([
    ['no use', []],
    ['one use', daysOf('2026-10-05')],
    ['two uses', daysOf('2026-09-05 2026-10-05')],
    ['daily use that ended', every(200, (n) => addDays(date('2026-01-01'), n))],
    ['irregular use', daysOf('2026-01-03 2026-01-20 2026-03-30 2026-04-01 2026-05-17 2026-09-09 2026-09-28')],
    ['a week that was repeated too seldom', daysOf('2026-10-05 2026-10-12 2026-10-19')],
  ])('is not found in %s', (_, days) => {
    expect(findPattern(days, date('2026-11-30'))).toBeUndefined();
  });

  it('is still detected if one use is missing, and is not detected if too many uses are missing', () => {
    const months = every(11, (n) => addMonths(date('2026-01-01'), n));
    const without = (...left: number[]) => months.filter((_, index) => !left.includes(index));
    expect(findPattern(without(6), date('2026-11-30'))?.every).toBe('month');
    expect(findPattern(without(1, 3, 4, 6, 8), date('2026-11-30'))?.every).not.toBe('month');
  });

  it('counts the expected uses that did not happen', () => {
    const months = every(6, (n) => addMonths(date('2026-01-31'), n));
    expect(findPattern(months, date('2026-11-30'))).toEqual({
      every: 'month',
      occasions: 6,
      lastOccasion: date('2026-06-30'),
      nextExpected: date('2026-11-30'),
      missed: 4,
    });
  });

  it('is detected despite small jitter, and nextExpected is at most 20 days in the past', () => {
    const anyCase = fc.record({
      recurrence: fc.constantFrom(...(Object.keys(steps) as Recurrence[])),
      first: fc.nat(2000).map((days) => addDays(date('2018-01-01'), days)),
      jitters: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 20 }),
      todayAfter: fc.nat(1000),
    });
    fc.assert(
      fc.property(anyCase, ({ recurrence, first, jitters, todayAfter }) => {
        const days = jitters.map((jitter, index) =>
          addDays(scheduled(first, recurrence, index), Math.round(jitter * steps[recurrence].jitter)),
        );
        const last = days.at(-1) ?? first;
        const today = addDays(last, todayAfter);
        const pattern = findPattern(days, today);
        expect(pattern).toMatchObject({ every: recurrence, occasions: days.length, lastOccasion: last });
        const { nextExpected = last, missed = -1 } = pattern ?? {};
        expect(nextExpected).toEqual(scheduled(last, recurrence, missed + 1));
        const tolerance = 20 * 86_400_000;
        expect(utcMidnight(nextExpected)).toBeGreaterThanOrEqual(utcMidnight(today) - tolerance);
      }),
    );
  });
});
