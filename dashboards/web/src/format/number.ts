import { LOCALE } from './locale.ts';

const counts = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

export function formatCount(count: number): string {
  return counts.format(count);
}

export function sessions(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'session' : 'sessions'}`;
}
