import { LOCALE } from './locale.ts';

const clockTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const clockTimeWithSeconds = { ...clockTime, second: '2-digit' } as const;
const dayAndMonth = { day: 'numeric', month: 'short' } as const;

const STYLES = {
  time: clockTime,
  timeWithSeconds: clockTimeWithSeconds,
  date: { ...dayAndMonth, year: 'numeric' },
  day: { weekday: 'short', ...dayAndMonth },
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
  const [hours = 0, minutes = 0] = formatTime(instant, timeZone, 'time').split(':').map(Number);
  return (hours * 60 + minutes) / 1440;
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
  long: new Intl.RelativeTimeFormat(LOCALE, { style: 'long' }),
  narrow: new Intl.RelativeTimeFormat(LOCALE, { style: 'narrow' }),
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
