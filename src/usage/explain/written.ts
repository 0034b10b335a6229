import { utcMidnight } from '../time/plain-dates.ts';
import { formatInstant, type TimeWindow } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';
import type { RangeCalendar } from './calendar.ts';

const hourMs = 3_600_000;

/** Converts a window to members of the response, in UTC. */
export function writeWindow({ startMs, endMs }: TimeWindow) {
  return { from: new Date(startMs).toISOString(), to: new Date(endMs).toISOString() };
}

/** Converts the days and clock changes of a range to members of the response. */
export function writeCalendar({ days, unusualDays, clockChanges }: RangeCalendar, zone: Zone) {
  return {
    days,
    unusualDays: unusualDays.map(({ date, ...window }) => ({
      date: new Date(utcMidnight(date)).toISOString().slice(0, 10),
      hours: (window.endMs - window.startMs) / hourMs,
      ...writeWindow(window),
    })),
    clockChanges: clockChanges.map((atMs) => ({
      at: formatInstant(atMs, zone),
      offsetBefore: offsetOf(formatInstant(atMs - 1, zone)),
      offsetAfter: offsetOf(formatInstant(atMs, zone)),
    })),
  };
}

/** Returns the UTC offset at the end of a formatted instant, for example `+02:00`. */
const offsetOf = (instant: string) => instant.slice(-6);
