import { DateTime, IANAZone } from 'luxon';
import { addDays, firstOfMonth, firstOfWeek, type PlainDate, utcDate, utcMidnight } from './plain-dates.ts';
import type { Zone } from './zones.ts';

/** A time window in epoch milliseconds: `startMs` is inclusive, `endMs` is exclusive. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

const minuteMs = 60_000;
const quarterHourMs = 15 * minuteMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Returns the local date in a zone at an instant (epoch milliseconds). The offset comes from the runtime's tzdata.
 * Like all functions in this file, it throws a RangeError for an invalid instant or zone.
 */
export function localDate(atMs: number, zone: Zone): PlainDate {
  return utcDate(atMs + offsetMs(atMs, zone));
}

/**
 * Returns the first instant of a local date, in epoch milliseconds. This is 00:00. If midnight occurs twice, it is
 * the first one. If midnight is skipped, it is the first time that exists. If the whole date is skipped (2011-12-30
 * in Pacific/Apia), it is the start of the next date, and the skipped date has length 0.
 *
 * Luxon computes the instant of a local time from a guess of its offset, and corrects the guess. Luxon's own guess is
 * today's offset, so its result would depend on the day of the call (wrong for 2011-09-25 in Pacific/Apia). The guess
 * here is the offset at an instant within 15 hours of the date's midnight. With this guess the result is right for
 * every zone since 1920.
 */
export function dateStart(date: PlainDate, zone: Zone): number {
  const near = DateTime.fromMillis(utcMidnight(date), { zone: luxonZone(zone) });
  const midnight = near.set({ ...date, hour: 0, minute: 0, second: 0, millisecond: 0 });
  const startMs = Math.round(Math.min(...midnight.getPossibleOffsets().map((one) => one.toMillis())));
  if (!Number.isFinite(startMs)) throw new RangeError('not a date that has an instant');
  return startMs;
}

/**
 * Returns the local day that contains an instant, in epoch milliseconds. A day starts at the first instant of its
 * date and ends at the first instant of the next date. It is 21 to 27 hours long, and each instant is in exactly one
 * day. If a clock is set back over midnight, it shows the previous date again (until 2011 in America/St_Johns). Those
 * minutes belong to the later day.
 */
export function dayWindow(atMs: number, zone: Zone): TimeWindow {
  const { startMs, endMs } = dayHolding(atMs, zone);
  return { startMs, endMs };
}

/** A part of a window in which the UTC offset does not change. */
export interface SteadyWindow extends TimeWindow {
  readonly offsetMs: number;
}

/** Splits a window at the clock changes of a zone. The parts are ascending. */
export function steadyWindows({ startMs, endMs }: TimeWindow, zone: Zone): SteadyWindow[] {
  const windows: SteadyWindow[] = [];
  let offset = offsetMs(startMs, zone);
  let fromMs = startMs;
  for (let atMs = startMs; atMs < endMs; ) {
    // Steps of two days find every clock change, because no zone has had two transitions within six days (see
    // offsetsWithin).
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

/**
 * Returns the first millisecond with another UTC offset than `lowMs`. There must be one transition between `lowMs`
 * and `highMs`.
 */
function transitionBetween(lowMs: number, highMs: number, offset: number, zone: Zone): number {
  let [low, high] = [lowMs, highMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle, zone) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Returns the date of the local day that contains an instant (epoch milliseconds). See {@link dayWindow} for the
 * definition of a local day.
 */
export function dateOfDay(atMs: number, zone: Zone): PlainDate {
  return dayHolding(atMs, zone).date;
}

/** Returns whether a local day has 24 hours, starts at midnight and has no clock change. */
export function isEvenDay({ startMs, endMs }: TimeWindow, zone: Zone): boolean {
  if (endMs - startMs !== dayMs || wallTimeMs(startMs, zone) !== 0) return false;
  return offsetMs(startMs, zone) === offsetMs(endMs - 1, zone);
}

/** Returns the local time in a zone at an instant, in milliseconds after midnight. */
export function wallTimeMs(atMs: number, zone: Zone): number {
  return (((atMs + offsetMs(atMs, zone)) % dayMs) + dayMs) % dayMs;
}

/**
 * Returns the instant (epoch milliseconds) of a local time on the date that starts at `dayStartMs`. For a time that
 * occurs twice, returns the first instant. For a time that is skipped, returns the instant of the clock change.
 */
export function withWallTime(dayStartMs: number, wallMs: number, zone: Zone): number {
  const localMidnightMs = utcMidnight(dayHolding(dayStartMs, zone).date);
  const guessMs = localMidnightMs + wallMs - offsetMs(dayStartMs, zone);
  const atMs = localMidnightMs + wallMs - offsetMs(guessMs, zone);
  if (wallTimeMs(atMs, zone) === wallMs) return atMs;
  return transitionBetween(atMs, guessMs, offsetMs(atMs, zone), zone);
}

/**
 * Returns the first instant (epoch milliseconds) of the local week that contains an instant. Weeks start on Monday.
 */
export function weekStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfWeek(dayHolding(atMs, zone).date), zone);
}

/** Returns the first instant (epoch milliseconds) of the local month that contains an instant. */
export function monthStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfMonth(dayHolding(atMs, zone).date), zone);
}

/**
 * Returns the starts of the hour buckets in a local day (see {@link dayWindow}), in epoch milliseconds, ascending.
 * The first start is `dayStartMs`. A bucket consists of quarter hours. It starts where the local minute is 0, and
 * where the clock is set to another hour. Around clock changes, buckets are therefore 15 to 90 minutes long.
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

/** Returns the start (epoch milliseconds) of the hour bucket that contains an instant. See {@link hourStarts}. */
export function hourStart(atMs: number, zone: Zone): number {
  const { startMs, endMs } = dayWindow(atMs, zone);
  return hourStarts(startMs, endMs, zone).findLast((start) => start <= atMs) ?? startMs;
}

/**
 * Formats an instant (epoch milliseconds) as local time in ISO 8601, with milliseconds and a numeric offset:
 * `2026-11-20T23:45:00.000+05:45`, with `+00:00` for UTC. Parsing the text returns the same instant. Old local mean
 * times (the last one ended in 1972) have offsets with seconds. These seconds are omitted from both the time and the
 * offset, so that parsing still returns the same instant.
 */
export function formatInstant(ms: number, zone: Zone): string {
  return formatWith(ms, offsetMs(ms, zone));
}

/** Formats ascending instants like {@link formatInstant}, but fast enough for thousands of instants. */
export function formatInstants(ascendingMs: readonly number[], zone: Zone): string[] {
  let steady: TimeWindow & { readonly offset: number } = { startMs: 0, endMs: 0, offset: 0 };
  return ascendingMs.map((ms) => {
    if (ms >= steady.startMs && ms < steady.endMs) return formatWith(ms, steady.offset);
    const offset = offsetMs(ms, zone);
    // If the offsets at two instants within two days are equal, there is no transition in between (see
    // offsetsWithin).
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

/**
 * Returns the local day that contains an instant, and its date. The search starts at the local date of the instant,
 * which is at most one day off. The loops skip dates of length 0.
 */
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
 * Creates a function that looks up the UTC offset at instants within a day. A look-up takes 5 microseconds, and the
 * hours of a day need 100 look-ups. If the day starts and ends with the same offset, all instants have this offset,
 * because no zone has had two transitions within six days since 1900.
 */
function offsetsWithin(startMs: number, endMs: number, zone: Zone): (atMs: number) => number {
  const first = offsetMs(startMs, zone);
  const steady = endMs - startMs <= 2 * dayMs && offsetMs(endMs - 1, zone) === first;
  return steady ? () => first : (atMs) => offsetMs(atMs, zone);
}

/** Returns the UTC offset of the zone at an instant, in milliseconds. */
function offsetMs(atMs: number, zone: Zone): number {
  const offset = Math.round(luxonZone(zone).offset(atMs) * minuteMs);
  if (!Number.isFinite(offset)) throw new RangeError('not an instant');
  return offset;
}

/**
 * Returns the Luxon object of a zone. Luxon caches these objects permanently, by name, so their number must be
 * bounded. `parseZone` bounds it.
 */
function luxonZone({ name }: Zone): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError('not a time zone of this runtime');
  return zone;
}
