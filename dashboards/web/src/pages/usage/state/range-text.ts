import { presetOf } from '../../../lib/ranges.ts';
import { formatTime } from '../../../lib/time.ts';
import type { UsageState } from './state.ts';

const DAY_MS = 86_400_000;

/** Returns the text of the range, such as "Last 28 days" or "1 Nov 2026 – 7 Nov 2026", with the time zone. */
export function rangeText(state: UsageState): string {
  return `${rangeLabel(state)}, ${state.timeZone}`;
}

/** Returns the text of the range without the time zone. */
export function rangeLabel({ range, timeZone }: UsageState): string {
  if ('preset' in range) return presetOf(range.preset)?.label ?? range.preset;
  if (range.from.length > 10) {
    const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
    return `${formatTime(from, timeZone, 'dayAndMinute')} – ${formatTime(to, timeZone, 'dayAndMinute')}`;
  }
  // Local dates are formatted in UTC, in which they are parsed. The last day is inclusive for readers.
  const [from, last] = [Date.parse(range.from), Date.parse(range.to) - DAY_MS];
  const first = formatTime(from, 'UTC', 'date');
  return last <= from ? first : `${first} – ${formatTime(last, 'UTC', 'date')}`;
}
