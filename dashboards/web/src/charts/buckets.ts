import { formatTime } from '../lib/time.ts';

/** A time span of a graph with its number of sessions. `start` and `end` have the offset of the time zone. */
export interface Bucket {
  readonly start: string;
  readonly end: string;
  readonly sessions: number;
}

export type Granularity = 'quarterHour' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Returns the title of a bucket, such as "Mon, 30 Nov" or "14:00 – 15:00". */
export function bucketTitle(bucket: Bucket, granularity: Granularity, timeZone: string): string {
  const [start, end] = [Date.parse(bucket.start), Date.parse(bucket.end)];
  const day = formatTime(start, timeZone, 'day');
  switch (granularity) {
    case 'quarterHour':
    case 'hour':
      return `${day}, ${formatTime(start, timeZone, 'time')} – ${formatTime(end, timeZone, 'time')}`;
    case 'day':
      return `${day} ${formatTime(start, timeZone, 'year')}`;
    case 'week':
      return `Week of ${formatTime(start, timeZone, 'date')}`;
    case 'month':
      return formatTime(start, timeZone, 'month');
    case 'quarter':
      return `Quarter from ${formatTime(start, timeZone, 'month')}`;
    case 'year':
      return formatTime(start, timeZone, 'year');
  }
}

/** Returns whether sessions of a bucket can still arrive: it ends after the instant through which data is complete. */
export function isUnfinished(bucket: Bucket, completeThroughMs: number): boolean {
  return Date.parse(bucket.end) > completeThroughMs && Date.parse(bucket.start) <= completeThroughMs;
}

/** Returns whether a bucket begins after the instant, so that it has no sessions yet. */
export function isFuture(bucket: Bucket, instantMs: number): boolean {
  return Date.parse(bucket.start) > instantMs;
}

/**
 * Returns the position of an instant on an axis where bucket `i` reaches from `i - 0.5` to `i + 0.5`, or undefined
 * outside of the buckets.
 */
export function positionOf(buckets: readonly Bucket[], instantMs: number): number | undefined {
  const index = buckets.findIndex(({ end }) => Date.parse(end) > instantMs);
  const bucket = buckets[index];
  if (!bucket) return undefined;
  const [start, end] = [Date.parse(bucket.start), Date.parse(bucket.end)];
  if (start > instantMs) return undefined;
  return index - 0.5 + (instantMs - start) / (end - start);
}

/** A bucket in which the clocks of the time zone change. */
export interface ClockChange {
  readonly index: number;
  /** Difference to the usual length, in hours. Negative in spring. */
  readonly hours: number;
}

/** Returns the buckets of one day or less in which the offset of the time zone changes. */
export function clockChanges(buckets: readonly Bucket[], granularity: Granularity): ClockChange[] {
  if (granularity !== 'day' && granularity !== 'hour' && granularity !== 'quarterHour') return [];
  return buckets.flatMap((bucket, index) => {
    const hours = offsetHours(bucket.start) - offsetHours(bucket.end);
    return hours === 0 ? [] : [{ index, hours }];
  });
}

function offsetHours(instant: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(instant) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) + Number(minutes ?? 0) / 60);
}
