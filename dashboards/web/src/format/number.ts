import { LOCALE } from './locale.ts';

const counts = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

/** Formats a count with thousands separators. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** Formats a number of sessions, for example "1 session". */
export function formatSessions(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'session' : 'sessions'}`;
}
