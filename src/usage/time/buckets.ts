import {
  addDays,
  addMonths,
  firstOfMonth,
  firstOfQuarter,
  firstOfWeek,
  firstOfYear,
  type PlainDate,
} from './plain-dates.ts';
import { dateOfDay, dateStart, dayWindow, hourStarts, type TimeWindow } from './time-windows.ts';
import { quarterHourMs } from './utc-units.ts';
import type { Zone } from './zones.ts';

/** Bucket sizes, finest first. Weeks start on Monday. */
export const granularities = ['quarterHour', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Granularity = (typeof granularities)[number];

/** Minimum length of most buckets. Only buckets around clock changes are shorter. */
const usualMs: Record<Granularity, number> = {
  quarterHour: quarterHourMs,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 28 * 86_400_000,
  quarter: 90 * 86_400_000,
  year: 365 * 86_400_000,
};

/** Estimates the number of buckets in a window. The estimate may be too low by up to two. */
export function estimateBuckets({ startMs, endMs }: TimeWindow, granularity: Granularity): number {
  return Math.ceil((endMs - startMs) / usualMs[granularity]);
}

/**
 * Returns the edges of the local buckets that overlap a window: the start of each bucket and the end of the last one,
 * in epoch milliseconds, ascending. The first and last bucket are whole even if the window cuts them. Each instant is
 * in exactly one bucket.
 */
export function bucketEdges(window: TimeWindow, granularity: Granularity, zone: Zone): number[] {
  if (granularity === 'quarterHour') return quarterHourEdges(window);
  if (granularity === 'hour') return hourEdges(window, zone);
  return dateEdges(window, dateSteps[granularity], zone);
}

function quarterHourEdges({ startMs, endMs }: TimeWindow): number[] {
  const firstMs = Math.floor(startMs / quarterHourMs) * quarterHourMs;
  const count = Math.ceil((endMs - firstMs) / quarterHourMs);
  return Array.from({ length: count + 1 }, (_, index) => firstMs + index * quarterHourMs);
}

function hourEdges({ startMs, endMs }: TimeWindow, zone: Zone): number[] {
  const starts: number[] = [];
  let day = dayWindow(startMs, zone);
  for (; ; day = dayWindow(day.endMs, zone)) {
    for (const start of hourStarts(day.startMs, day.endMs, zone)) starts.push(start);
    if (day.endMs >= endMs) break;
  }
  starts.push(day.endMs);
  const first = starts.findLastIndex((start) => start <= startMs);
  const last = starts.findIndex((start) => start >= endMs);
  return starts.slice(first, last + 1);
}

interface DateStep {
  readonly floor: (date: PlainDate) => PlainDate;
  readonly next: (date: PlainDate) => PlainDate;
}

const dateSteps: Record<Exclude<Granularity, 'quarterHour' | 'hour'>, DateStep> = {
  day: { floor: (date) => date, next: (date) => addDays(date, 1) },
  week: { floor: firstOfWeek, next: (date) => addDays(date, 7) },
  month: { floor: firstOfMonth, next: (date) => addMonths(date, 1) },
  quarter: { floor: firstOfQuarter, next: (date) => addMonths(date, 3) },
  year: { floor: firstOfYear, next: (date) => addMonths(date, 12) },
};

function dateEdges({ startMs, endMs }: TimeWindow, { floor, next }: DateStep, zone: Zone): number[] {
  let date = floor(dateOfDay(startMs, zone));
  const edges = [dateStart(date, zone)];
  for (let lastMs = edges[0] ?? endMs; lastMs < endMs; ) {
    date = next(date);
    const edgeMs = dateStart(date, zone);
    // A date that the zone skips has length 0, so it is not a bucket.
    if (edgeMs > lastMs) edges.push(edgeMs);
    lastMs = edgeMs;
  }
  return edges;
}
