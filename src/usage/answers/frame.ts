import type { Clock } from '../../platform/clock.ts';
import { invalidParameters } from '../query/refusals.ts';
import type { UsageGroup, UsageStore } from '../query/usage-store.ts';
import type { Rankings } from '../rankings/rankings.ts';
import type { TagBudget } from '../tag-budget/tag-budget.ts';
import { dayWindow, formatInstant, type TimeWindow } from '../time/time-windows.ts';
import { parseZone, type Zone } from '../time/zones.ts';
import { type Completeness, completenessOf, readWatermark } from './completeness.ts';

/** Name and id of a configuration in usage lists. */
export interface ConfigurationName {
  readonly id: string;
  readonly name: string;
  readonly deletedAtMs: number | undefined;
}

export interface AnswerDeps {
  readonly store: UsageStore;
  readonly clock: Clock;
  readonly rankings: Rankings;
  readonly tagBudget: TagBudget;
  /**
   * Returns all configurations of an organisation, including deleted ones. Without an organisation, returns the
   * configurations of all organisations.
   */
  readonly configurationsOf: (organisationId: string | undefined) => Promise<readonly ConfigurationName[]>;
  /**
   * Returns an instant before which every accepted session is stored, or undefined if only another process knows it.
   */
  readonly completeThroughMs: () => number | undefined;
  /** Returns the number of producers without watermarks, which `completeThroughMs` does not cover. */
  readonly unwatchedProducers?: (() => number) | undefined;
}

/** Members that usage responses have in common. */
export interface UsageFrame extends Completeness {
  readonly timeZone: string;
  readonly dayStart: string;
}

/** Counts in a response. The time of the last use has the offset of the response's time zone. */
export interface ZonedUsage {
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
}

/** Time, time zone and local day of a response. */
export interface Moment {
  readonly nowMs: number;
  readonly zone: Zone;
  readonly today: TimeWindow;
}

/** The specific members of a response, and the number of all sessions that match its filter. */
export interface Counted<T> {
  readonly answer: T;
  readonly total: number;
  /** End of the response's range. Default: the end of today. */
  readonly endMs?: number | undefined;
}

/**
 * Adds the common members to a response. It reads the watermark before the counts, so that the counts contain every
 * session that the watermark covers.
 * @throws AppError `invalid_time_zone` if the zone is unknown.
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

/** Converts the counts of a group to members of a response in this time zone. */
export function zoned(group: UsageGroup | undefined, zone: Zone): ZonedUsage {
  const { lastUsedMs, sessions } = group ?? { lastUsedMs: undefined, sessions: {} };
  return {
    lastUsed: lastUsedMs === undefined ? null : formatInstant(lastUsedMs, zone),
    today: sessions.today ?? 0,
    total: sessions.total ?? 0,
  };
}

/**
 * Returns the zone with an IANA name.
 * @throws AppError `invalid_time_zone` if the zone is unknown.
 */
export function zoneOf(name: string): Zone {
  const zone = parseZone(name);
  if (zone !== undefined) return zone;
  throw invalidParameters(false, []);
}
