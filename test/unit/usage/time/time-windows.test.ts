import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  addDays,
  addMonths,
  firstOfMonth,
  firstOfQuarter,
  firstOfWeek,
  firstOfYear,
  type PlainDate,
  parsePlainDate,
} from '../../../../src/usage/time/plain-dates.ts';
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

type Unit = 'day' | 'week' | 'hour';

interface Vector {
  readonly zone: string;
  readonly instant: string;
  readonly dayStart: string;
  readonly nextDayStart: string;
  readonly hourStart: string;
  readonly weekStart: string;
  readonly monthStart: string;
  readonly local: string;
  readonly dayHours: number;
  readonly note: string;
  /** Wrong results of known software, as `name:instant`. */
  readonly knownWrong?: Readonly<Partial<Record<Unit, readonly string[]>>>;
}

interface HourDay {
  readonly zone: string;
  readonly date: string;
  readonly dayStart: string;
  readonly nextDayStart: string;
  readonly dayHours: number;
  readonly hourBuckets: number;
  readonly irregular: readonly { start: string; minutes: number; local: string }[];
  readonly hourStarts: readonly string[];
}

const vectors = fixture<Vector>('vectors.json');
const hourDays = fixture<HourDay>('hour-days.json');
const hourMs = 3_600_000;
const currentDates = ['2026-01-15', '2026-07-15', '2040-11-01'].map((date) => new Date(date));

function fixture<T>(name: string): readonly T[] {
  const file = new URL(`../../../fixtures/time-zones/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T[];
}

function zoneOf(name: string): Zone {
  const zone = parseZone(name);
  if (zone === undefined) throw new Error(`unknown zone ${name}`);
  return zone;
}

function dateOf(text: string): PlainDate {
  const date = parsePlainDate(text);
  if (date === undefined) throw new Error(`not a date: ${text}`);
  return date;
}

const utc = (ms: number) => withoutMs(new Date(ms).toISOString());
const withoutMs = (text: string) => text.replace('.000', '');
const at = Date.parse;

afterEach(() => {
  vi.useRealTimers();
});

describe('the test vectors', () => {
  /**
   * One vector requires the rules of tzdata 2025a, as its note says. Its test is skipped with older rules, because
   * they give another result.
   */
  const tzdata = process.versions['tz'] ?? '';
  const tzdataNeeded = (note: string) => /needs tzdata >= (\d{4}[a-z])/.exec(note)?.[1];

  it('are complete, only one of them requires a recent tzdata, and the runtime reports its tzdata version', () => {
    expect(vectors).toHaveLength(52);
    expect(hourDays).toHaveLength(10);
    expect(vectors.map((v) => tzdataNeeded(v.note)).filter((need) => need !== undefined)).toEqual(['2025a']);
    expect(tzdata).toMatch(/^20\d\d[a-z]+$/);
  });

  it.for(vectors)('match the computed windows for $zone at $instant: $note', (vector, context) => {
    const needed = tzdataNeeded(vector.note);
    if (needed !== undefined && tzdata < needed) context.skip(`tzdata ${tzdata} is older than ${needed}`);
    for (const now of currentDates) {
      vi.useFakeTimers({ now, toFake: ['Date'] });
      checkVector(vector);
    }
  });

  function checkVector(vector: Vector): void {
    const { note: _, knownWrong = {}, ...expected } = vector;
    const zone = zoneOf(vector.zone);
    const instant = at(vector.instant);
    const day = dayWindow(instant, zone);
    const actual = {
      zone: zone.name,
      instant: utc(instant),
      dayStart: utc(day.startMs),
      nextDayStart: utc(day.endMs),
      hourStart: utc(hourStart(instant, zone)),
      weekStart: utc(weekStart(instant, zone)),
      monthStart: utc(monthStart(instant, zone)),
      local: withoutMs(formatInstant(instant, zone)),
      dayHours: (day.endMs - day.startMs) / hourMs,
    };
    expect(actual).toEqual(expected);
    expect(localDate(instant, zone)).toEqual(dateOf(vector.local.slice(0, 10)));
    const starts = { day: actual.dayStart, week: actual.weekStart, hour: actual.hourStart };
    for (const [unit, wrong] of Object.entries(knownWrong)) {
      expect(Object.keys(starts)).toContain(unit);
      expect(wrong.map((answer) => answer.slice(answer.indexOf(':') + 1))).not.toContain(
        starts[unit as Unit],
      );
    }
  }

  it.each(hourDays)('match the computed hours of $date in $zone', (expected) => {
    const zone = zoneOf(expected.zone);
    const day = dayWindow(at(expected.dayStart), zone);
    const starts = hourStarts(day.startMs, day.endMs, zone);
    const irregular = starts
      .map((start, i) => ({ start, minutes: ((starts[i + 1] ?? day.endMs) - start) / 60_000 }))
      .filter(({ minutes }) => minutes !== 60)
      .map(({ start, minutes }) => ({
        start: utc(start),
        minutes,
        local: withoutMs(formatInstant(start, zone)),
      }));
    const actual: HourDay = {
      zone: zone.name,
      date: formatInstant(day.startMs, zone).slice(0, 10),
      dayStart: utc(day.startMs),
      nextDayStart: utc(day.endMs),
      dayHours: (day.endMs - day.startMs) / hourMs,
      hourBuckets: starts.length,
      irregular,
      hourStarts: starts.map(utc),
    };
    expect(actual).toEqual(expected);
    expect(dateStart(dateOf(expected.date), zone)).toBe(day.startMs);
    for (const [i, start] of starts.entries()) {
      expect(hourStart(start, zone)).toBe(start);
      expect(hourStart((starts[i + 1] ?? day.endMs) - 1, zone)).toBe(start);
    }
  });
});

describe('dates that a zone skipped', () => {
  it.each([
    { name: 'Pacific/Apia', before: '2011-12-29', skipped: '2011-12-30', after: '2011-12-31' },
    { name: 'Pacific/Kwajalein', before: '1993-08-20', skipped: '1993-08-21', after: '1993-08-22' },
  ])(
    'start when the next date starts: $name went from $before to $after',
    ({ name, before, skipped, after }) => {
      const zone = zoneOf(name);
      const start = dateStart(dateOf(after), zone);
      expect(dateStart(dateOf(skipped), zone)).toBe(start);
      expect(localDate(start, zone)).toEqual(dateOf(after));
      expect(localDate(start - 1, zone)).toEqual(dateOf(before));
      expect(dayWindow(start - 1, zone)).toEqual({ startMs: dateStart(dateOf(before), zone), endMs: start });
      expect(dayWindow(start, zone)).toEqual({ startMs: start, endMs: start + 24 * hourMs });
      expect(hourStarts(start, start, zone)).toEqual([]);
    },
  );
});

describe('a day with a clock change at midnight', () => {
  const zone = zoneOf('America/St_Johns');
  const midnight = at('2009-11-01T02:30:00Z');
  const second2330 = at('2009-11-01T03:00:00Z');

  it('includes the repeated minutes before its second midnight, and so does its month', () => {
    expect(formatInstant(second2330, zone)).toBe('2009-10-31T23:30:00.000-03:30');
    expect(localDate(second2330, zone)).toEqual(dateOf('2009-10-31'));
    expect(dayWindow(second2330, zone)).toEqual(dayWindow(midnight, zone));
    expect(dayWindow(second2330, zone).startMs).toBe(midnight);
    expect(monthStart(second2330, zone)).toBe(midnight);
    expect(dayWindow(midnight - 1, zone).endMs).toBe(midnight);
  });

  it('follows the day before without a gap if the clock skips midnight', () => {
    const toronto = zoneOf('America/Toronto');
    const within = at('1919-03-31T04:45:00Z');
    const { startMs, endMs } = dayWindow(within, toronto);
    expect(startMs).toBeLessThanOrEqual(within);
    expect(endMs).toBeGreaterThan(within);
    expect(dayWindow(endMs, toronto).startMs).toBe(endMs);
  });
});

describe('dateStart', () => {
  it.each(currentDates)('does not depend on the current date (%s)', (now) => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    const start = (date: string, name: string) => utc(dateStart(dateOf(date), zoneOf(name)));
    expect(start('2011-09-25', 'Pacific/Apia')).toBe('2011-09-25T10:00:00Z');
    expect(start('1996-10-27', 'America/Ciudad_Juarez')).toBe('1996-10-27T05:00:00Z');
    expect(start('1993-06-17', 'Atlantic/Azores')).toBe('1993-06-16T23:00:00Z');
    expect(start('2024-11-03', 'America/Havana')).toBe('2024-11-03T04:00:00Z');
  });

  it('accepts every date with a four-digit year', () => {
    for (const name of ['UTC', 'Europe/London', 'Asia/Kolkata', 'Pacific/Apia', 'Africa/Monrovia']) {
      for (const date of ['0000-01-01', '0099-12-31', '1600-02-29', '1970-01-01', '9999-12-31']) {
        const start = dateStart(dateOf(date), zoneOf(name));
        expect(Number.isInteger(start)).toBe(true);
        expect(dayWindow(start, zoneOf(name)).startMs).toBe(start);
      }
    }
  });

  it('rejects invalid instants and zones instead of returning NaN', () => {
    const zone = zoneOf('Europe/London');
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
      expect(() => dayWindow(ms, zone)).toThrow(RangeError);
      expect(() => formatInstant(ms, zone)).toThrow(RangeError);
      expect(() => localDate(ms, zone)).toThrow(RangeError);
    }
    expect(() => dateStart({ year: 300_000, month: 1, day: 1 }, zone)).toThrow(RangeError);
    expect(() => dateStart({ year: Number.NaN, month: 1, day: 1 }, zone)).toThrow(RangeError);
    expect(() => dayWindow(0, { name: 'Mars/Olympus' })).toThrow(RangeError);
  });
});

describe('formatInstant', () => {
  it.each([
    ['UTC', '2026-11-20T12:00:00.007Z', '2026-11-20T12:00:00.007+00:00'],
    ['Europe/London', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00.000+00:00'],
    ['Asia/Kathmandu', '2026-11-20T18:15:00Z', '2026-11-21T00:00:00.000+05:45'],
    ['Pacific/Marquesas', '2026-01-01T00:00:00Z', '2025-12-31T14:30:00.000-09:30'],
    ['Africa/Monrovia', '1971-01-01T00:00:00Z', '1970-12-31T23:16:00.000-00:44'],
  ])('formats an instant in %s: %s', (name, instant, text) => {
    expect(formatInstant(at(instant), zoneOf(name))).toBe(text);
    expect(at(text)).toBe(at(instant));
  });
});

describe('plain dates', () => {
  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-32',
    '2026-1-1',
    '+02026-01-01',
    '',
    '2026-01-01T',
  ])('are not parsed from %s', (text) => {
    expect(parsePlainDate(text)).toBeUndefined();
  });

  it('are parsed from text, including leap days and early years', () => {
    expect(parsePlainDate('2028-02-29')).toEqual({ year: 2028, month: 2, day: 29 });
    expect(parsePlainDate('0050-01-02')).toEqual({ year: 50, month: 1, day: 2 });
  });

  it('can be shifted by days and months across month and year boundaries', () => {
    expect(addDays(dateOf('2024-02-28'), 2)).toEqual(dateOf('2024-03-01'));
    expect(addDays(dateOf('2026-01-01'), -1)).toEqual(dateOf('2025-12-31'));
    expect(addMonths(dateOf('2026-01-31'), 1)).toEqual(dateOf('2026-02-28'));
    expect(addMonths(dateOf('2026-11-01'), 3)).toEqual(dateOf('2027-02-01'));
    expect(addMonths(dateOf('2026-01-31'), -2)).toEqual(dateOf('2025-11-30'));
  });

  it('can be moved to the first day of their week, month, quarter or year', () => {
    expect(firstOfWeek(dateOf('2026-11-22'))).toEqual(dateOf('2026-11-16'));
    expect(firstOfWeek(dateOf('2026-11-23'))).toEqual(dateOf('2026-11-23'));
    expect(firstOfMonth(dateOf('2026-11-22'))).toEqual(dateOf('2026-11-01'));
    expect(firstOfQuarter(dateOf('2026-12-31'))).toEqual(dateOf('2026-10-01'));
    expect(firstOfQuarter(dateOf('2026-03-31'))).toEqual(dateOf('2026-01-01'));
    expect(firstOfYear(dateOf('2026-12-31'))).toEqual(dateOf('2026-01-01'));
  });
});
