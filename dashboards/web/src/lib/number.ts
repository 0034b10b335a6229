import { LOCALE } from './locale.ts';

const counts = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const signedPercent = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});

/** Formats a count with thousands separators. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** Formats a count for an axis, such as "1.2K". */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** Formats a number of things, for example "2 windows". The plural of the noun has an "s". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats a number of sessions, for example "1 session". */
export function formatSessions(count: number): string {
  return plural(count, 'session');
}

/** Formats a relative change, such as "+12%". */
export function formatChange(value: number, previous: number): string {
  return signedPercent.format((value - previous) / previous);
}
