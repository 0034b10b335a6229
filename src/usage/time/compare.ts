import { addDays, addMonths, type PlainDate, utcMidnight } from './plain-dates.ts';
import type { DateRange } from './ranges.ts';
import {
  dateOfDay,
  dateStart,
  dayWindow,
  isEvenDay,
  type TimeWindow,
  wallTimeMs,
  withWallTime,
} from './time-windows.ts';
import type { Zone } from './zones.ts';

export const comparisons = ['previous', 'previousYear'] as const;
export type Comparison = (typeof comparisons)[number];

export const fairnesses = ['weekday', 'elapsed'] as const;
/**
 * What a comparison sets side by side: `weekday` the same days of the week, `elapsed` the same time after the beginning of
 * the period.
 */
export type Fairness = (typeof fairnesses)[number];

const dayMs = 86_400_000;

/** Maps the dates of a range to those that it is compared with. */
export type DateShift = (date: PlainDate) => PlainDate;

/**
 * Returns the shift of a comparison.
 *
 * - `weekday` goes back by whole weeks: 52 for the year before, else as few as do not overlap the range.
 * - `elapsed` goes back by the length of the range, or by 12 months. A range of whole months goes back by its months, and
 *   day 1 is compared with day 1.
 * - `isByMonths`: buckets of months and longer have no weekday, so they go back by months.
 */
export function dateShift(
  range: DateRange,
  comparison: Comparison,
  fairness: Fairness,
  isByMonths: boolean,
): DateShift {
  const days = daysBetween(range.from, range.to);
  if (fairness === 'weekday' && !isByMonths) {
    const back = comparison === 'previousYear' ? 364 : Math.ceil(days / 7) * 7;
    return (date) => addDays(date, -back);
  }
  const months = comparison === 'previousYear' ? 12 : wholeMonths(range);
  if (months === undefined) return (date) => addDays(date, -days);
  if (isByMonths) return (date) => addMonths(date, -months);
  const from = addMonths(range.from, -months);
  return (date) => addDays(from, daysBetween(range.from, date));
}

/** Returns the number of months of a range from a first of a month to another; undefined for any other range. */
function wholeMonths({ from, to }: DateRange): number | undefined {
  if (from.day !== 1 || to.day !== 1) return undefined;
  return (to.year - from.year) * 12 + to.month - from.month;
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}

/**
 * Returns the instants (epoch milliseconds) that ascending instants are compared with: the same time on the clock, on the
 * shifted date. They ascend too, so buckets shifted by their edges tile the time that they are compared with: a bucket
 * whose time does not exist there has no length.
 */
export function shiftEdges(edges: readonly number[], shift: DateShift, zone: Zone): number[] {
  let lastMs = Number.NEGATIVE_INFINITY;
  let day: ShiftedDay | undefined;
  return edges.map((edge) => {
    if (day === undefined || edge >= day.endMs || edge < day.startMs) day = shiftDay(edge, shift, zone);
    lastMs = Math.max(lastMs, shiftWithin(day, edge, zone));
    return lastMs;
  });
}

/** A local day and the one that it is compared with. */
interface ShiftedDay extends TimeWindow {
  readonly to: TimeWindow;
  /** Whether both days run evenly, so that the same time on the clock is as long after their beginnings. */
  readonly isEven: boolean;
}

function shiftDay(atMs: number, shift: DateShift, zone: Zone): ShiftedDay {
  const from = dayWindow(atMs, zone);
  const startMs = dateStart(shift(dateOfDay(atMs, zone)), zone);
  const to = dayWindow(startMs, zone);
  // A date that the zone skipped has no length: all of its time is the start of the next one.
  const target = to.startMs === startMs ? to : { startMs, endMs: startMs };
  return { ...from, to: target, isEven: isEvenDay(from, zone) && isEvenDay(target, zone) };
}

function shiftWithin({ startMs, to, isEven }: ShiftedDay, atMs: number, zone: Zone): number {
  if (atMs === startMs) return to.startMs;
  const shiftedMs = isEven
    ? to.startMs + (atMs - startMs)
    : withWallTime(to.startMs, wallTimeMs(atMs, zone), zone);
  return Math.min(Math.max(shiftedMs, to.startMs), to.endMs);
}
