import { LOCALE } from './locale.ts';

const counts = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

/** Returns a count with thousands separators. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** Returns a count of sessions, such as "1 session". */
export function formatSessions(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'session' : 'sessions'}`;
}
