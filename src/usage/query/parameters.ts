import type { Fault } from '../../platform/errors/errors.ts';
import type { Comparison, Fairness } from '../time/compare.ts';
import { addDays, type PlainDate } from '../time/plain-dates.ts';
import {
  type DateRange,
  parseRangeEnd,
  presetRange,
  type RangeEnd,
  type RangePreset,
} from '../time/ranges.ts';
import { dateOfDay, dateStart, type TimeWindow } from '../time/time-windows.ts';
import { parseZone, type Zone } from '../time/zones.ts';
import { invalidParameters } from './refusals.ts';

/** Parameters of a range and its comparison. The schema has validated each parameter, but not their combination. */
export interface RangeParameters {
  readonly timeZone?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: RangePreset | undefined;
  readonly compare?: Comparison | undefined;
  readonly fair?: Fairness | undefined;
}

/** A time range in a time zone. */
export interface LocalRange {
  readonly zone: Zone;
  readonly window: TimeWindow;
  /** Local dates of the range. Undefined if its start or end is an instant instead of a date. */
  readonly dates: DateRange | undefined;
}

/** Instants from which a relative range is computed: now, and the time of the first session. */
export interface RangeMoment {
  readonly nowMs: number;
  /** Returns the time of the first session. Called only for the range `all`. */
  readonly firstMs: () => Promise<number | undefined>;
}

/**
 * Returns the range of a request, or undefined if the request has no range.
 * @throws AppError `invalid_time_zone` if the zone is unknown and nothing else is wrong.
 * @throws AppError `invalid_request` with all validation errors of the parameters otherwise.
 */
export async function readRange(
  parameters: RangeParameters,
  moment: RangeMoment,
): Promise<LocalRange | undefined> {
  const { timeZone = 'UTC', from, to, range } = parameters;
  const zone = parseZone(timeZone);
  const start = from === undefined ? undefined : parseRangeEnd(from);
  const end = to === undefined ? undefined : parseRangeEnd(to);
  const faults = [...faultsOfEnds(parameters, start, end), ...faultsOfComparison(parameters, start, end)];
  const window = zone && start && end && { startMs: startOf(start, zone), endMs: startOf(end, zone) };
  if (window !== undefined && faults.length === 0 && window.endMs <= window.startMs)
    faults.push({ path: '/to', message: 'must be after from' });
  if (zone === undefined || faults.length > 0) throw invalidParameters(zone !== undefined, faults);
  if (range !== undefined) return presetOf(range, zone, moment);
  if (window === undefined) return undefined;
  return { zone, window, dates: datesOf(start, end) };
}

function faultsOfEnds(
  { from, to, range }: RangeParameters,
  start: RangeEnd | undefined,
  end: RangeEnd | undefined,
): Fault[] {
  const shape =
    'must be a date such as 2026-11-30, or an instant with an offset such as 2026-11-30T08:00:00%2B01:00, ' +
    'from 1970 to 2105';
  const faults: Fault[] = [];
  if (from !== undefined && start === undefined) faults.push({ path: '/from', message: shape });
  if (to !== undefined && end === undefined) faults.push({ path: '/to', message: shape });
  if (range !== undefined && (from !== undefined || to !== undefined))
    faults.push({ path: '/range', message: 'cannot be combined with from and to' });
  else if (from !== undefined && to === undefined)
    faults.push({ path: '/to', message: 'is required with from' });
  else if (to !== undefined && from === undefined)
    faults.push({ path: '/from', message: 'is required with to' });
  return faults;
}

function faultsOfComparison(
  { compare, fair, from, range }: RangeParameters,
  start: RangeEnd | undefined,
  end: RangeEnd | undefined,
): Fault[] {
  const faults: Fault[] = [];
  if (fair !== undefined && compare === undefined)
    faults.push({ path: '/fair', message: 'is only used with compare' });
  if (compare === undefined) return faults;
  const isByInstant = [start, end].some((one) => one !== undefined && 'ms' in one);
  if (isByInstant || (range === undefined && from === undefined))
    faults.push({ path: '/compare', message: 'needs from and to as dates, or range' });
  if (range === 'all') faults.push({ path: '/compare', message: 'cannot be combined with range=all' });
  return faults;
}

function startOf(end: RangeEnd, zone: Zone): number {
  return 'date' in end ? dateStart(end.date, zone) : end.ms;
}

function datesOf(start: RangeEnd | undefined, end: RangeEnd | undefined): DateRange | undefined {
  return start && end && 'date' in start && 'date' in end ? { from: start.date, to: end.date } : undefined;
}

async function presetOf(
  preset: RangePreset,
  zone: Zone,
  { nowMs, firstMs }: RangeMoment,
): Promise<LocalRange> {
  const today = dateOfDay(nowMs, zone);
  const first = preset === 'all' ? await firstMs() : undefined;
  const dates = presetRange(
    preset,
    today,
    first === undefined ? today : earlier(dateOfDay(first, zone), today),
  );
  return { zone, dates, window: { startMs: dateStart(dates.from, zone), endMs: dateStart(dates.to, zone) } };
}

function earlier(one: PlainDate, other: PlainDate): PlainDate {
  return dateKey(one) < dateKey(other) ? one : other;
}

const dateKey = ({ year, month, day }: PlainDate) => (year * 100 + month) * 100 + day;

/** Returns the range of the last 28 local days, including today. */
export function last28Days(zone: Zone, nowMs: number): LocalRange {
  const to = addDays(dateOfDay(nowMs, zone), 1);
  const from = addDays(to, -28);
  return {
    zone,
    dates: { from, to },
    window: { startMs: dateStart(from, zone), endMs: dateStart(to, zone) },
  };
}
