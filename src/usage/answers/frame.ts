import type { Clock } from '../../platform/clock.ts';
import { invalidParameters } from '../query/refusals.ts';
import type { UsageGroup, UsageStore } from '../query/usage-store.ts';
import type { Rankings } from '../rankings/rankings.ts';
import { dayWindow, formatInstant, type TimeWindow } from '../time/time-windows.ts';
import { parseZone, type Zone } from '../time/zones.ts';
import { type Completeness, completenessOf, readWatermark } from './completeness.ts';

/** What usage lists say about a configuration next to its counts. */
export interface ConfigurationName {
  readonly id: string;
  readonly name: string;
  readonly deletedAtMs: number | undefined;
}

export interface AnswerDeps {
  readonly store: UsageStore;
  readonly clock: Clock;
  readonly rankings: Rankings;
  /** All configurations of an organisation (undefined: of all organisations), deleted ones too. */
  readonly configurationsOf: (organisationId: string | undefined) => Promise<readonly ConfigurationName[]>;
  /** The instant before which everything accepted is stored; undefined where another process knows. */
  readonly completeThroughMs: () => number | undefined;
}

/** What every usage answer says about itself. */
export interface UsageFrame extends Completeness {
  readonly timeZone: string;
  readonly dayStart: string;
}

/** Counts of an answer, in its time zone. */
export interface ZonedUsage {
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
}

/** The moment and the zone of an answer. */
export interface Moment {
  readonly nowMs: number;
  readonly zone: Zone;
  readonly today: TimeWindow;
}

/** The members of an answer and the sessions of all time that it counts. */
export interface Counted<T> {
  readonly answer: T;
  readonly total: number;
  /** The end of the range that the answer is about. The default is the end of today. */
  readonly endMs?: number | undefined;
}

/**
 * Returns an answer with its frame. The watermark is read before the counts, so that everything it promises is among
 * them.
 * @throws AppError `invalid_time_zone`.
 */
export async function framed<T>(
  deps: AnswerDeps,
  timeZone: string,
  read: (moment: Moment) => Promise<Counted<T>>,
): Promise<UsageFrame & T> {
  const zone = zoneOf(timeZone);
  const watermark = readWatermark(deps);
  const { nowMs } = watermark;
  const today = dayWindow(nowMs, zone);
  const { answer, total, endMs = today.endMs } = await read({ nowMs, zone, today });
  return {
    timeZone: zone.name,
    dayStart: formatInstant(today.startMs, zone),
    ...(await completenessOf(deps.store, watermark, { endMs, total })),
    ...answer,
  };
}

/** Returns the counts of a group in the zone of an answer. */
export function zoned(group: UsageGroup | undefined, zone: Zone): ZonedUsage {
  const { lastUsedMs, sessions } = group ?? { lastUsedMs: undefined, sessions: {} };
  return {
    lastUsed: lastUsedMs === undefined ? null : formatInstant(lastUsedMs, zone),
    today: sessions.today ?? 0,
    total: sessions.total ?? 0,
  };
}

/** Returns the zone of an IANA name. @throws AppError `invalid_time_zone`. */
export function zoneOf(name: string): Zone {
  const zone = parseZone(name);
  if (zone !== undefined) return zone;
  throw invalidParameters(false, []);
}
