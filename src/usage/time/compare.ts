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
 * How a comparison aligns two periods. `weekday` compares the same days of the week, `elapsed` the same time since
 * the start of the period.
 */
export type Fairness = (typeof fairnesses)[number];

const dayMs = 86_400_000;

/** Maps a date in the range to the corresponding date in the comparison period. */
export type DateShift = (date: PlainDate) => PlainDate;

/**
 * Returns the function that maps dates of a range to its comparison period.
 *
 * - With `fairness` `weekday`, it subtracts whole weeks: 52 weeks for the previous year, otherwise as few weeks as
 *   possible so that the comparison period does not overlap the range.
 * - With `fairness` `elapsed`, it subtracts 12 months for the previous year, otherwise the length of the range. If
 *   the range consists of whole months, its length is a number of months, so day 1 is compared with day 1.
 * - `isByMonths` is true if the buckets are months or longer. Weekdays of such buckets cannot be aligned, so
 *   `weekday` has the same effect as `elapsed`.
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

/** Returns the number of months in a range of whole months, or undefined for any other range. */
function wholeMonths({ from, to }: DateRange): number | undefined {
  if (from.day !== 1 || to.day !== 1) return undefined;
  return (to.year - from.year) * 12 + to.month - from.month;
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}

/**
 * Maps ascending instants (epoch milliseconds) to the comparison period. Each result is the same local time on the
 * corresponding date. The results ascend too, so buckets between them neither overlap nor leave gaps. If the time of
 * a bucket does not exist in the comparison period, the bucket has length 0.
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

/** A local day, and the corresponding day of the comparison period (`to`). */
interface ShiftedDay extends TimeWindow {
  readonly to: TimeWindow;
  /**
   * True if neither day has a clock change. The same local time is then equally long after the start of both days.
   */
  readonly isEven: boolean;
}

function shiftDay(atMs: number, shift: DateShift, zone: Zone): ShiftedDay {
  const from = dayWindow(atMs, zone);
  const startMs = dateStart(shift(dateOfDay(atMs, zone)), zone);
  const to = dayWindow(startMs, zone);
  // If the zone skips the corresponding date, that date has length 0. All times of the day then map to the start of
  // the next date.
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
