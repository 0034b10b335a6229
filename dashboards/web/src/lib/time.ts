import { LOCALE } from './locale.ts';

const clockTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const clockTimeWithSeconds = { ...clockTime, second: '2-digit' } as const;
const dayAndMonth = { day: 'numeric', month: 'short' } as const;

const STYLES = {
  time: clockTime,
  timeWithSeconds: clockTimeWithSeconds,
  date: { ...dayAndMonth, year: 'numeric' },
  dayOfMonth: dayAndMonth,
  month: { month: 'long', year: 'numeric' },
  shortMonth: { month: 'short', year: '2-digit' },
  year: { year: 'numeric' },
  day: { weekday: 'short', ...dayAndMonth },
  dayAndMinute: { ...dayAndMonth, ...clockTime },
  dayAndTime: { ...dayAndMonth, ...clockTimeWithSeconds },
  exact: { ...dayAndMonth, year: 'numeric', ...clockTimeWithSeconds, timeZoneName: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats an instant in a time zone, in one of the styles above. */
export function formatTime(instant: number, timeZone: string, style: keyof typeof STYLES): string {
  const key = `${style} ${timeZone}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE, { ...STYLES[style], timeZone });
  formats.set(key, format);
  return format.format(instant);
}

/** Formats an instant: the time if it is today, date and time within 180 days, otherwise only the date. */
export function formatNear(instant: number, now: number, timeZone: string): string {
  if (formatTime(instant, timeZone, 'date') === formatTime(now, timeZone, 'date')) {
    return formatTime(instant, timeZone, 'timeWithSeconds');
  }
  const isRecent = Math.abs(now - instant) < 180 * 86_400_000;
  return formatTime(instant, timeZone, isRecent ? 'dayAndTime' : 'date');
}

/** Returns the elapsed part of the day on the local clock, from 0 to 1. */
export function wallClockShare(instant: number, timeZone: string): number {
  // English, because digits of other languages are not numbers for JavaScript.
  const format = new Intl.DateTimeFormat('en-GB', { ...clockTime, timeZone });
  const [hours = 0, minutes = 0] = format.format(instant).split(':').map(Number);
  return (hours * 60 + minutes) / 1440;
}

/** Returns the local date of an instant, such as "2026-11-30". */
export function localDate(instant: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    timeZone,
  });
  return format.format(instant);
}

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const relative = {
  long: new Intl.RelativeTimeFormat('en', { style: 'long' }),
  narrow: new Intl.RelativeTimeFormat('en', { style: 'narrow' }),
};

/**
 * Formats the time since an instant, such as "12 seconds ago" or "12s ago", rounded down. Below 5 s it is
 * "just now".
 */
export function formatAgo(instant: number, now: number, style: keyof typeof relative): string {
  const seconds = Math.floor((now - instant) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
  if (seconds < 5) return 'just now';
  return relative[style].format(-Math.floor(seconds / length), unit);
}
