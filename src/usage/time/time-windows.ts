import { DateTime, IANAZone } from 'luxon';
import { addDays, firstOfMonth, firstOfWeek, type PlainDate, utcDate, utcMidnight } from './plain-dates.ts';
import type { Zone } from './zones.ts';

/** A stretch of time in epoch milliseconds: `startMs` belongs to it, `endMs` is the first instant after it. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

const minuteMs = 60_000;
const quarterHourMs = 15 * minuteMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * The date that a clock in the zone shows at an instant (epoch milliseconds), by the runtime's tzdata. Throws
 * a RangeError for what is no instant or no zone, as every function here.
 */
export function localDate(atMs: number, zone: Zone): PlainDate {
  return utcDate(atMs + offsetMs(atMs, zone));
}

/**
 * Returns the first instant of a local date, in epoch milliseconds: 00:00, the first one when midnight is repeated, or
 * the first time that exists when midnight is skipped. A date that was skipped whole (2011-12-30 in Pacific/Apia)
 * starts where the next one starts, and has no length.
 *
 * Luxon resolves a local time from a guess at its offset, and corrects the guess. Its own guess is the offset
 * of today, so the result depends on the day of the call (wrong for 2011-09-25 in Pacific/Apia). The
 * guess here is the offset within 15 hours of the date's midnight, which is right for every zone since 1920.
 */
export function dateStart(date: PlainDate, zone: Zone): number {
  const near = DateTime.fromMillis(utcMidnight(date), { zone: luxonZone(zone) });
  const midnight = near.set({ ...date, hour: 0, minute: 0, second: 0, millisecond: 0 });
  const startMs = Math.round(Math.min(...midnight.getPossibleOffsets().map((one) => one.toMillis())));
  if (!Number.isFinite(startMs)) throw new RangeError('not a date that has an instant');
  return startMs;
}

/**
 * The local day that holds an instant, in epoch milliseconds: from the first instant of its date to the first
 * instant of the next one, 21 to 27 hours. Days tile: each instant is in one day and the end of a day is the
 * start of the next, also where a clock set back over midnight shows the date before again (until 2011 in
 * America/St_Johns): those minutes belong to the later day.
 */
export function dayWindow(atMs: number, zone: Zone): TimeWindow {
  const { startMs, endMs } = dayHolding(atMs, zone);
  return { startMs, endMs };
}

/** A part of a window in which clocks of a zone are not set. */
export interface SteadyWindow extends TimeWindow {
  readonly offsetMs: number;
}

/** Returns the parts of a window between the clock changes of a zone, in order. */
export function steadyWindows({ startMs, endMs }: TimeWindow, zone: Zone): SteadyWindow[] {
  const windows: SteadyWindow[] = [];
  let offset = offsetMs(startMs, zone);
  let fromMs = startMs;
  for (let atMs = startMs; atMs < endMs; ) {
    // No zone has had two transitions within six days (see offsetsWithin).
    const nextMs = Math.min(atMs + 2 * dayMs, endMs);
    if (offsetMs(nextMs, zone) !== offset) {
      const changeMs = transitionBetween(atMs, nextMs, offset, zone);
      windows.push({ startMs: fromMs, endMs: changeMs, offsetMs: offset });
      fromMs = changeMs;
      offset = offsetMs(changeMs, zone);
    }
    atMs = nextMs;
  }
  if (fromMs < endMs) windows.push({ startMs: fromMs, endMs, offsetMs: offset });
  return windows.filter((window) => window.startMs < window.endMs);
}

/** Returns the first millisecond at which the zone no longer has an offset that it has at the lower bound. */
function transitionBetween(lowMs: number, highMs: number, offset: number, zone: Zone): number {
  let [low, high] = [lowMs, highMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle, zone) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** Returns the date of the local day that holds an instant (epoch milliseconds), as {@link dayWindow} divides days. */
export function dateOfDay(atMs: number, zone: Zone): PlainDate {
  return dayHolding(atMs, zone).date;
}

/** Returns whether a local day has 24 hours, begins at midnight and has no clock change. */
export function isEvenDay({ startMs, endMs }: TimeWindow, zone: Zone): boolean {
  if (endMs - startMs !== dayMs || wallTimeMs(startMs, zone) !== 0) return false;
  return offsetMs(startMs, zone) === offsetMs(endMs - 1, zone);
}

/** Returns the time that a clock in the zone shows at an instant, in milliseconds after midnight. */
export function wallTimeMs(atMs: number, zone: Zone): number {
  return (((atMs + offsetMs(atMs, zone)) % dayMs) + dayMs) % dayMs;
}

/**
 * Returns the instant (epoch milliseconds) at which a clock in the zone shows a time on the date that begins at
 * `dayStartMs`: the later one of two when it is repeated, one past the gap when it is skipped.
 */
export function withWallTime(dayStartMs: number, wallMs: number, zone: Zone): number {
  const localMidnightMs = utcMidnight(dayHolding(dayStartMs, zone).date);
  const guessMs = localMidnightMs + wallMs - offsetMs(dayStartMs, zone);
  return localMidnightMs + wallMs - offsetMs(guessMs, zone);
}

/** The first instant (epoch milliseconds) of the Monday of the local week that holds an instant. */
export function weekStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfWeek(dayHolding(atMs, zone).date), zone);
}

/** The first instant (epoch milliseconds) of the local month that holds an instant. */
export function monthStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfMonth(dayHolding(atMs, zone).date), zone);
}

/**
 * The starts of the hour buckets of one local day, given by its {@link dayWindow}, in epoch milliseconds,
 * ascending, the first one `dayStartMs`. Buckets consist of quarter hours: one begins where the local minute
 * is 0 and where the clock was set to another hour, so they take 15 to 90 minutes where clocks change.
 */
export function hourStarts(dayStartMs: number, dayEndMs: number, zone: Zone): number[] {
  const offsetAt = offsetsWithin(dayStartMs, dayEndMs, zone);
  const starts: number[] = [];
  let hourBefore: number | undefined;
  for (let atMs = dayStartMs; atMs < dayEndMs; atMs += quarterHourMs) {
    const localMs = atMs + offsetAt(atMs);
    const hour = Math.floor(localMs / hourMs);
    if (hour !== hourBefore || localMs % hourMs === 0) starts.push(atMs);
    hourBefore = hour;
  }
  return starts;
}

/** The start (epoch milliseconds) of the hour bucket that holds an instant: one of {@link hourStarts}. */
export function hourStart(atMs: number, zone: Zone): number {
  const { startMs, endMs } = dayWindow(atMs, zone);
  return hourStarts(startMs, endMs, zone).findLast((start) => start <= atMs) ?? startMs;
}

/**
 * An instant (epoch milliseconds) in ISO 8601 as a clock in the zone shows it, with milliseconds and always a
 * numeric offset: `2026-11-20T23:45:00.000+05:45`, `+00:00` for UTC. Parsing it gives the instant back; for
 * that, seconds of an offset (local mean times, the last in 1972) are left away on both sides.
 */
export function formatInstant(ms: number, zone: Zone): string {
  return formatWith(ms, offsetMs(ms, zone));
}

/** Returns the texts of ascending instants, as {@link formatInstant} does; quickly, also for thousands. */
export function formatInstants(ascendingMs: readonly number[], zone: Zone): string[] {
  let steady: TimeWindow & { readonly offset: number } = { startMs: 0, endMs: 0, offset: 0 };
  return ascendingMs.map((ms) => {
    if (ms >= steady.startMs && ms < steady.endMs) return formatWith(ms, steady.offset);
    const offset = offsetMs(ms, zone);
    // Two readings within two days that agree have no transition between them (see offsetsWithin).
    const endMs = offsetMs(ms + 2 * dayMs, zone) === offset ? ms + 2 * dayMs : ms;
    steady = { startMs: ms, endMs, offset };
    return formatWith(ms, offset);
  });
}

function formatWith(ms: number, offset: number): string {
  const minutes = Math.trunc(offset / minuteMs);
  const local = new Date(ms + minutes * minuteMs).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Starts from the date on the clock, which is one day off at most; the loops also pass dates of no length. */
function dayHolding(atMs: number, zone: Zone): TimeWindow & { readonly date: PlainDate } {
  let date = localDate(atMs, zone);
  let startMs = dateStart(date, zone);
  while (startMs > atMs) {
    date = addDays(date, -1);
    startMs = dateStart(date, zone);
  }
  let endMs = dateStart(addDays(date, 1), zone);
  while (endMs <= atMs) {
    date = addDays(date, 1);
    startMs = endMs;
    endMs = dateStart(addDays(date, 1), zone);
  }
  return { date, startMs, endMs };
}

/**
 * Reads the offset within a day. A reading takes 5 microseconds and a day of hours wants 100; no zone has had
 * two transitions within six days since 1900, so a day that ends at the offset it began with has had none.
 */
function offsetsWithin(startMs: number, endMs: number, zone: Zone): (atMs: number) => number {
  const first = offsetMs(startMs, zone);
  const steady = endMs - startMs <= 2 * dayMs && offsetMs(endMs - 1, zone) === first;
  return steady ? () => first : (atMs) => offsetMs(atMs, zone);
}

/** What the zone adds to UTC at an instant, in milliseconds. */
function offsetMs(atMs: number, zone: Zone): number {
  const offset = Math.round(luxonZone(zone).offset(atMs) * minuteMs);
  if (!Number.isFinite(offset)) throw new RangeError('not an instant');
  return offset;
}

/** Luxon keeps one of these for each name for good: names come from `parseZone`, which bounds them. */
function luxonZone({ name }: Zone): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError('not a time zone of this runtime');
  return zone;
}
