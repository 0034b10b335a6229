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
 * Returns the local date in a zone at an instant (epoch milliseconds), based on the runtime's tzdata. Like
 * every function in this file, it throws a RangeError for an invalid instant or zone.
 */
export function localDate(atMs: number, zone: Zone): PlainDate {
  return utcDate(atMs + offsetMs(atMs, zone));
}

/**
 * Returns the first instant of a local date in epoch milliseconds: 00:00, the first 00:00 if midnight is
 * repeated, or the first time that exists if midnight is skipped. A date that is skipped as a whole
 * (2011-12-30 in Pacific/Apia) starts at the start of the next date and has length 0.
 *
 * Luxon resolves a local time from a guess at its offset, and corrects the guess. Its own guess is today's
 * offset, so the result depends on the day of the call (wrong for 2011-09-25 in Pacific/Apia). The guess here
 * is the offset within 15 hours of the date's midnight, which is right for every zone since 1920.
 */
export function dateStart(date: PlainDate, zone: Zone): number {
  const near = DateTime.fromMillis(utcMidnight(date), { zone: luxonZone(zone) });
  const midnight = near.set({ ...date, hour: 0, minute: 0, second: 0, millisecond: 0 });
  const startMs = Math.round(Math.min(...midnight.getPossibleOffsets().map((one) => one.toMillis())));
  if (!Number.isFinite(startMs)) throw new RangeError('not a date that has an instant');
  return startMs;
}

/**
 * Returns the local day that contains an instant, in epoch milliseconds: from the first instant of its date
 * to the first instant of the next date, 21 to 27 hours. Each instant is in exactly one day, and a day ends
 * at the start of the next. If a clock is set back over midnight and shows the previous date again (until
 * 2011 in America/St_Johns), those minutes belong to the later day.
 */
export function dayWindow(atMs: number, zone: Zone): TimeWindow {
  const { startMs, endMs } = dayHolding(atMs, zone);
  return { startMs, endMs };
}

/** A part of a window without a clock change. */
export interface SteadyWindow extends TimeWindow {
  readonly offsetMs: number;
}

/** Splits a window at the clock changes in a zone, in order. */
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

/** Returns the first millisecond at which the zone's offset differs from the offset at the lower bound. */
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
 * Returns the date of the local day that contains an instant (epoch milliseconds), with days as in {@link
 * dayWindow}.
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
 * Returns the instant (epoch milliseconds) with a local time on the date that starts at `dayStartMs`. A
 * repeated time returns the later instant. A skipped time returns the instant after the clock change.
 */
export function withWallTime(dayStartMs: number, wallMs: number, zone: Zone): number {
  const localMidnightMs = utcMidnight(dayHolding(dayStartMs, zone).date);
  const guessMs = localMidnightMs + wallMs - offsetMs(dayStartMs, zone);
  return localMidnightMs + wallMs - offsetMs(guessMs, zone);
}

/**
 * Returns the first instant (epoch milliseconds) of the Monday in the local week that contains an instant.
 */
export function weekStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfWeek(dayHolding(atMs, zone).date), zone);
}

/** Returns the first instant (epoch milliseconds) of the local month that contains an instant. */
export function monthStart(atMs: number, zone: Zone): number {
  return dateStart(firstOfMonth(dayHolding(atMs, zone).date), zone);
}

/**
 * Returns the starts of the hour buckets in one local day, given by its {@link dayWindow}, in epoch
 * milliseconds, ascending. The first one is `dayStartMs`. Buckets consist of quarter hours: one starts where
 * the local minute is 0 and where the clock is set to another hour, so buckets are 15 to 90 minutes long
 * around clock changes.
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

/**
 * Returns the start (epoch milliseconds) of the hour bucket that contains an instant (see {@link
 * hourStarts}).
 */
export function hourStart(atMs: number, zone: Zone): number {
  const { startMs, endMs } = dayWindow(atMs, zone);
  return hourStarts(startMs, endMs, zone).findLast((start) => start <= atMs) ?? startMs;
}

/**
 * Formats an instant (epoch milliseconds) as local time in ISO 8601, with milliseconds and always a numeric
 * offset: `2026-11-20T23:45:00.000+05:45`, `+00:00` for UTC. Parsing the text returns the same instant. To
 * keep that true, the seconds of an offset (local mean times, the last in 1972) are omitted from both the
 * time and the offset.
 */
export function formatInstant(ms: number, zone: Zone): string {
  return formatWith(ms, offsetMs(ms, zone));
}

/** Formats ascending instants as {@link formatInstant} does, but fast for thousands of instants. */
export function formatInstants(ascendingMs: readonly number[], zone: Zone): string[] {
  let steady: TimeWindow & { readonly offset: number } = { startMs: 0, endMs: 0, offset: 0 };
  return ascendingMs.map((ms) => {
    if (ms >= steady.startMs && ms < steady.endMs) return formatWith(ms, steady.offset);
    const offset = offsetMs(ms, zone);
    // If two offsets within two days are equal, there is no transition between them (see offsetsWithin).
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

/** Starts from the local date, which is at most one day off. The loops also skip dates of length 0. */
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
 * Returns a function that returns the offset within a day. One look-up takes 5 microseconds, and the hours of
 * a day need 100 look-ups. No zone has had two transitions within six days since 1900, so a day that starts
 * and ends with the same offset has no transition.
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
 * Returns Luxon's zone. Luxon caches one object per name permanently; `parseZone` bounds the number of names.
 */
function luxonZone({ name }: Zone): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError('not a time zone of this runtime');
  return zone;
}
