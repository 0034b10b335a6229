import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, firstOfWeek, type PlainDate } from '../../../../src/usage/time/plain-dates.ts';
import {
  dateStart,
  dayWindow,
  formatInstant,
  hourStart,
  hourStarts,
  localDate,
  monthStart,
  weekStart,
} from '../../../../src/usage/time/time-windows.ts';
import { parseZone, type Zone } from '../../../../src/usage/time/zones.ts';

const hourMs = 3_600_000;
const quarterHourMs = 900_000;
const bucketsSince = Date.UTC(2015, 0);

const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Etc/GMT-14', 'Etc/GMT+12'].map(
  (name): Zone => parseZone(name) ?? { name: `rejected: ${name}` },
);
const anyZone = fc.constantFrom(...zones);
const anyInstant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2038, 0) - 1 });

/** Generates zones and instants. Half of the instants are near a transition of the zone, where days are irregular. */
const anyMoment = fc
  .tuple(anyZone, anyInstant, fc.option(fc.integer({ min: -30 * hourMs, max: 30 * hourMs }), { freq: 2 }))
  .map(([zone, ms, fromTransition]) => ({ zone, atMs: nearTransition(zone, ms, fromTransition) }));

function nearTransition(zone: Zone, ms: number, fromTransition: number | null): number {
  const transition = fromTransition === null ? null : zoned(ms, zone).getTimeZoneTransition('next');
  return transition === null ? ms : transition.epochMilliseconds + (fromTransition ?? 0);
}

function zoned(ms: number, zone: Zone): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone.name);
}

/** Returns the start of a date, computed with Temporal. */
function startOf(date: Temporal.PlainDate, zone: Zone): number {
  return date.toZonedDateTime(zone.name).epochMilliseconds;
}

/**
 * Returns the date that contains an instant, computed with Temporal. If clocks go back across midnight, the minutes
 * that repeat the old date belong to the next day.
 */
function dateHolding(ms: number, zone: Zone): Temporal.PlainDate {
  const shown = zoned(ms, zone).toPlainDate();
  const next = shown.add({ days: 1 });
  return startOf(next, zone) <= ms ? next : shown;
}

function plain({ year, month, day }: Temporal.PlainDate): PlainDate {
  return { year, month, day };
}

/**
 * Returns the starts of the local hours, computed with Temporal. An hour starts at each quarter hour whose local minute
 * is 0 or whose local hour differs from that of the previous quarter hour.
 */
function hoursOf(startMs: number, endMs: number, zone: Zone): number[] {
  const starts: number[] = [];
  let hourBefore = -1;
  for (let ms = startMs; ms < endMs; ms += quarterHourMs) {
    const { hour, minute } = zoned(ms, zone);
    if (minute === 0 || hour !== hourBefore) starts.push(ms);
    hourBefore = hour;
  }
  return starts;
}

function* transitions(zone: Zone, fromYear: number, toYear: number): Generator<Temporal.ZonedDateTime> {
  let next = zoned(Date.UTC(fromYear, 0), zone).getTimeZoneTransition('next');
  while (next !== null && next.year <= toYear) {
    yield next;
    next = next.getTimeZoneTransition('next');
  }
}

function checkMoments(numRuns: number, check: (atMs: number, zone: Zone) => void): void {
  fc.assert(
    fc.property(anyMoment, ({ zone, atMs }) => check(atMs, zone)),
    { numRuns },
  );
}

describe('the time functions, compared with Temporal,', () => {
  it('return the same starts of days, weeks and months', () => {
    checkMoments(1200, (atMs, zone) => {
      const date = dateHolding(atMs, zone);
      expect(dayWindow(atMs, zone)).toEqual({
        startMs: startOf(date, zone),
        endMs: startOf(date.add({ days: 1 }), zone),
      });
      expect(weekStart(atMs, zone)).toBe(startOf(date.subtract({ days: date.dayOfWeek - 1 }), zone));
      expect(monthStart(atMs, zone)).toBe(startOf(date.with({ day: 1 }), zone));
    });
  });

  it('return the same local dates and formatted instants', () => {
    checkMoments(800, (atMs, zone) => {
      const local = zoned(atMs, zone);
      expect(localDate(atMs, zone)).toEqual(plain(local.toPlainDate()));
      const text = formatInstant(atMs, zone);
      expect(text).toBe(local.toString({ timeZoneName: 'never', fractionalSecondDigits: 3 }));
      expect(Date.parse(text)).toBe(atMs);
    });
  });

  it('return the same starts of hours', () => {
    checkMoments(100, (atMs, zone) => {
      const { startMs, endMs } = dayWindow(atMs, zone);
      expect(hourStarts(startMs, endMs, zone)).toEqual(hoursOf(startMs, endMs, zone));
    });
  });

  it('return the same starts of the dates around every transition from 2024 to 2029, in every zone', () => {
    const wrong: string[] = [];
    for (const zone of zones) {
      for (const transition of transitions(zone, 2024, 2029)) {
        const dates = [-1, 0, 1].map((days) => transition.toPlainDate().add({ days }));
        const bad = dates.filter((date) => dateStart(plain(date), zone) !== startOf(date, zone));
        wrong.push(...bad.map((date) => `${zone.name} ${date}`));
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('time windows', () => {
  it('of days contain their instant, and follow each other without gap or overlap', () => {
    checkMoments(600, (atMs, zone) => {
      const { startMs, endMs } = dayWindow(atMs, zone);
      expect(startMs).toBeLessThanOrEqual(atMs);
      expect(endMs).toBeGreaterThan(atMs);
      expect(dayWindow(startMs - 1, zone).endMs).toBe(startMs);
      expect(dayWindow(endMs, zone).startMs).toBe(endMs);
      expect(dayWindow(endMs - 1, zone).startMs).toBe(startMs);
    });
  });

  it('of weeks and months contain their instant', () => {
    checkMoments(600, (atMs, zone) => {
      const monday = weekStart(atMs, zone);
      const first = monthStart(atMs, zone);
      expect(monday).toBeLessThanOrEqual(atMs);
      expect(first).toBeLessThanOrEqual(atMs);
      expect(dateStart(addDays(localDate(monday, zone), 7), zone)).toBeGreaterThan(atMs);
      expect(dateStart(addMonths(localDate(first, zone), 1), zone)).toBeGreaterThan(atMs);
    });
  });

  it('start at UTC quarter hours from 2015 on, so that counts by quarter hour are exact in every zone', () => {
    checkMoments(600, (atMs, zone) => {
      fc.pre(atMs >= bucketsSince);
      const { startMs, endMs } = dayWindow(atMs, zone);
      for (const ms of [
        startMs,
        endMs,
        weekStart(atMs, zone),
        monthStart(atMs, zone),
        hourStart(atMs, zone),
      ]) {
        expect(ms % quarterHourMs).toBe(0);
      }
    });
  });

  it('of hours cover the day, and hourStart returns the start of the hour that contains an instant', () => {
    checkMoments(300, (atMs, zone) => {
      const { startMs, endMs } = dayWindow(atMs, zone);
      const starts = hourStarts(startMs, endMs, zone);
      expect(starts[0]).toBe(startMs);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      expect(hourStart(atMs, zone)).toBe(starts.findLast((ms) => ms <= atMs));
      for (const [i, ms] of starts.entries()) {
        expect((starts[i + 1] ?? endMs) - ms).toBeLessThanOrEqual(1.5 * hourMs);
      }
    });
  });
});

describe('the plain date functions, compared with Temporal,', () => {
  const anyDate = anyInstant.map((ms) => zoned(ms, { name: 'UTC' }).toPlainDate());

  it('return the same dates after added days or months, and the same first days of weeks', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -2000, max: 2000 }), (date, count) => {
        expect(addDays(plain(date), count)).toEqual(plain(date.add({ days: count })));
        expect(addMonths(plain(date), count)).toEqual(plain(date.add({ months: count })));
        expect(firstOfWeek(plain(date))).toEqual(plain(date.subtract({ days: date.dayOfWeek - 1 })));
      }),
      { numRuns: 1000 },
    );
  });
});
