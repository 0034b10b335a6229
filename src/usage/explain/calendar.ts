import { type PlainDate, utcMidnight } from '../time/plain-dates.ts';
import { dateOfDay, dayWindow, steadyWindows, type TimeWindow } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';

/** A local day that does not have 24 hours. */
export interface UnusualDay extends TimeWindow {
  readonly date: PlainDate;
}

/** Counts and special cases of the local days in a range. */
export interface RangeCalendar {
  readonly days: number;
  readonly unusualDays: readonly UnusualDay[];
  /** Instants at which the zone's UTC offset changes, in epoch milliseconds. */
  readonly clockChanges: readonly number[];
}

const dayMs = 86_400_000;

/**
 * Returns the local days in a window. It computes only the days next to a clock change, because all others have 24
 * hours. Its cost therefore depends on the number of clock changes, not on the length of the window.
 */
export function calendarOf(window: TimeWindow, zone: Zone): RangeCalendar {
  const startMs = dayWindow(window.startMs, zone).startMs;
  const endMs = dayWindow(Math.max(window.endMs - 1, window.startMs), zone).endMs;
  const clockChanges = steadyWindows({ startMs, endMs }, zone)
    .slice(1)
    .map((after) => after.startMs);
  const near = clockChanges.flatMap((atMs) => [atMs - 1, atMs]);
  const days = new Map([startMs, ...near, endMs - 1].map((atMs) => [dayWindow(atMs, zone).startMs, atMs]));
  const unusualDays = [...days.values()]
    .map((atMs) => ({ date: dateOfDay(atMs, zone), ...dayWindow(atMs, zone) }))
    .filter((day) => day.endMs - day.startMs !== dayMs && day.endMs > startMs && day.startMs < endMs);
  const dates = daysBetween(dateOfDay(startMs, zone), dateOfDay(endMs - 1, zone)) + 1;
  const skipped = clockChanges.reduce((sum, atMs) => sum + skippedDates(atMs, zone), 0);
  return { days: dates - skipped, unusualDays, clockChanges };
}

/** Counts the dates that a clock change skips. For example, 2011-12-30 does not exist in Pacific/Apia. */
function skippedDates(atMs: number, zone: Zone): number {
  return Math.max(daysBetween(dateOfDay(atMs - 1, zone), dateOfDay(atMs, zone)) - 1, 0);
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}
