import { formatTime } from '../lib/time.ts';
import type { Bucket, Granularity } from './buckets.ts';

export interface Tick {
  readonly index: number;
  readonly label: string;
}

const steps: Record<Granularity, readonly number[]> = {
  quarterHour: [1, 2, 4, 8, 12, 24, 48, 96],
  hour: [1, 2, 3, 6, 12, 24, 48, 96, 168, 336],
  day: [1, 2, 7, 14, 28, 56, 84, 182, 364],
  week: [1, 2, 4, 8, 13, 26, 52],
  month: [1, 2, 3, 6, 12, 24, 60],
  quarter: [1, 2, 4, 8, 20],
  year: [1, 2, 5, 10],
};

/** Returns the labelled positions of a time axis: at most `most`, at round times such as midnight or Mondays. */
export function ticksOf(
  buckets: readonly Bucket[],
  granularity: Granularity,
  timeZone: string,
  most: number,
): Tick[] {
  const choices = steps[granularity];
  const step = choices.find((size) => buckets.length / size <= most) ?? choices.at(-1) ?? 1;
  return buckets.flatMap((bucket, index) =>
    unitOf(bucket, granularity) % step === 0
      ? [{ index, label: labelOf(bucket, granularity, step, timeZone) }]
      : [],
  );
}

/** Returns the number of units from a round time to the start of a bucket, on the local calendar. */
function unitOf({ start }: Bucket, granularity: Granularity): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = start.split(/[-T:]/).map(Number);
  // 5 January 1970 was a Monday.
  const days = Math.round(Date.UTC(year, month - 1, day) / 86_400_000) - 4;
  switch (granularity) {
    case 'quarterHour':
      return days * 96 + hour * 4 + Math.floor(minute / 15);
    case 'hour':
      return minute === 0 ? days * 24 + hour : Number.NaN;
    case 'day':
      return days;
    case 'week':
      return Math.round(days / 7);
    case 'month':
      return year * 12 + month - 1;
    case 'quarter':
      return year * 4 + Math.floor((month - 1) / 3);
    case 'year':
      return year;
  }
}

function labelOf({ start }: Bucket, granularity: Granularity, step: number, timeZone: string): string {
  const instant = Date.parse(start);
  switch (granularity) {
    case 'quarterHour':
    case 'hour':
      return start.slice(11, 16) === '00:00' || step >= 24
        ? formatTime(instant, timeZone, 'dayOfMonth')
        : formatTime(instant, timeZone, 'time');
    case 'day':
    case 'week':
      return formatTime(instant, timeZone, 'dayOfMonth');
    case 'month':
    case 'quarter':
      return formatTime(instant, timeZone, 'shortMonth');
    case 'year':
      return formatTime(instant, timeZone, 'year');
  }
}
