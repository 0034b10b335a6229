import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../../src/usage/explain/calendar.ts';
import { writeCalendar } from '../../../../src/usage/explain/written.ts';
import { dayWindow, steadyWindows } from '../../../../src/usage/time/time-windows.ts';
import { parseZone, type Zone } from '../../../../src/usage/time/zones.ts';

const zoneOf = (name: string): Zone => parseZone(name) ?? { name };
const dayMs = 86_400_000;
/** Zones with and without clock changes. Some skip or repeat midnights, skip a date, or change clocks by 30 minutes. */
const zones = [
  ...['Europe/Berlin', 'Africa/Cairo', 'America/Havana', 'Pacific/Apia', 'Australia/Lord_Howe'],
  ...['America/Nuuk', 'Asia/Beirut', 'America/St_Johns', 'UTC', 'Asia/Kathmandu', 'Atlantic/Azores'],
];

describe('the calendar of a range', () => {
  it('counts the same days as an iteration over all days, and lists the days that do not have 24 hours', () => {
    const anyCase = fc.record({
      zone: fc.constantFrom(...zones).map(zoneOf),
      startMs: fc.integer({ min: Date.UTC(2008, 0), max: Date.UTC(2030, 0) }),
      lengthMs: fc.oneof(fc.integer({ min: 1, max: 3 * dayMs }), fc.integer({ min: 1, max: 400 * dayMs })),
    });
    fc.assert(
      fc.property(anyCase, ({ zone, startMs, lengthMs }) => {
        const window = { startMs, endMs: startMs + lengthMs };
        const days: { startMs: number; endMs: number }[] = [];
        for (let atMs = startMs; atMs < window.endMs; atMs = days.at(-1)?.endMs ?? window.endMs)
          days.push(dayWindow(atMs, zone));
        const calendar = calendarOf(window, zone);
        expect(calendar.days).toBe(days.length);
        const unusual = days.filter((day) => day.endMs - day.startMs !== dayMs);
        expect(calendar.unusualDays.map(({ date: _, ...day }) => day)).toEqual(unusual);
        const whole = { startMs: days[0]?.startMs ?? 0, endMs: days.at(-1)?.endMs ?? 0 };
        expect(calendar.clockChanges).toEqual(
          steadyWindows(whole, zone)
            .slice(1)
            .map((steady) => steady.startMs),
        );
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['Europe/Berlin', '2026-03-01', '2026-04-01', 31, [['2026-03-29', 23]], '+01:00', '+02:00'],
    ['Europe/Berlin', '2026-10-25', '2026-10-26', 1, [['2026-10-25', 25]], '+02:00', '+01:00'],
    ['Africa/Cairo', '2026-04-23', '2026-04-25', 2, [['2026-04-24', 23]], '+02:00', '+03:00'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-06', 1, [['2026-04-05', 24.5]], '+11:00', '+10:30'],
    ['Pacific/Apia', '2011-12-29', '2012-01-01', 2, [], '-10:00', '+14:00'],
  ])(
    'in %s from %s to %s has the expected days and clock changes',
    (name, from, to, days, unusual, before, after) => {
      const zone = zoneOf(name);
      const [startMs = 0, endMs = 0] = [from, to].map(
        (date) => Temporal.PlainDate.from(date).toZonedDateTime(name).epochMilliseconds,
      );
      const written = writeCalendar(calendarOf({ startMs, endMs }, zone), zone);
      expect(written.days).toBe(days);
      expect(written.unusualDays.map(({ date, hours }) => [date, hours])).toEqual(unusual);
      expect(written.clockChanges).toMatchObject([{ offsetBefore: before, offsetAfter: after }]);
    },
  );

  it('is computed for 100 years in less than one second of CPU time', () => {
    const before = process.cpuUsage();
    const window = { startMs: Date.UTC(1970, 0), endMs: Date.UTC(2070, 0) };
    expect(calendarOf(window, zoneOf('Europe/Berlin')).days).toBeGreaterThan(36_000);
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
