import { now } from '../lib/now.ts';
import { formatAgo, formatTime } from '../lib/time.ts';

interface RelativeTimeProps {
  /** An ISO 8601 instant, or null for something that never happened. */
  readonly instant: string | null;
  readonly timeZone: string;
  readonly style?: 'long' | 'narrow';
}

/** The time since an instant, such as "12 seconds ago". Its title is the exact time. */
export function RelativeTime({ instant, timeZone, style = 'narrow' }: RelativeTimeProps) {
  if (instant === null) return <span>never</span>;
  const epochMs = Date.parse(instant);
  return (
    <time dateTime={instant} title={formatTime(epochMs, timeZone, 'exact')}>
      {formatAgo(epochMs, now.value, style)}
    </time>
  );
}
