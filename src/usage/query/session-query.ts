import { storedViewer } from '../../events/stored-viewer.ts';
import type { TimeWindow } from '../time/time-windows.ts';
import type { UsageFilter } from './query.ts';
import type { UsageSql } from './sql.ts';
import { filterConditions, partitionCondition } from './steps/step-sql.ts';

/** A stored session. */
export interface StoredSession {
  readonly id: string;
  readonly organisationId: string;
  readonly configurationId: string;
  readonly timeMs: number;
  readonly tags: readonly string[];
  readonly viewer: string;
  readonly producer: string;
}

/** The last session of the previous page. */
export interface SessionPlace {
  readonly timeMs: number;
  readonly id: string;
}

export interface SessionQuery {
  readonly filter: UsageFilter;
  /** Start of the window (inclusive). `endMs` is its end (exclusive). */
  readonly startMs: number;
  readonly endMs: number;
}

export interface SessionPageQuery extends SessionQuery {
  /** Limits the result to sessions before this one. */
  readonly before: SessionPlace | undefined;
  readonly limit: number;
}

/** Returns the statement for one page of sessions, newest first. */
export function sessionPageSql({ filter, startMs, endMs, before, limit }: SessionPageQuery): UsageSql {
  const params: Record<string, unknown> = {};
  const conditions = windowConditions(filter, { startMs, endMs }, params);
  if (before !== undefined) {
    conditions.push(
      `(time, session_id) < (fromUnixTimestamp64Milli(toInt64(${before.timeMs}), 'UTC'), {before: UUID})`,
    );
    params['before'] = before.id;
  }
  return { sql: `${newestFirst(conditions)} LIMIT ${limit}`, params };
}

/** Returns the statement for all sessions in a window, newest first. */
export function sessionsSql({ filter, startMs, endMs }: SessionQuery): UsageSql {
  const params: Record<string, unknown> = {};
  return { sql: newestFirst(windowConditions(filter, { startMs, endMs }, params)), params };
}

function windowConditions(
  filter: UsageFilter,
  window: TimeWindow,
  params: Record<string, unknown>,
): string[] {
  return [
    ...filterConditions(filter, params),
    ...partitionCondition([window]),
    `time >= fromUnixTimestamp64Milli(toInt64(${window.startMs}), 'UTC')`,
    `time < fromUnixTimestamp64Milli(toInt64(${window.endMs}), 'UTC')`,
  ];
}

/**
 * Returns the SELECT for sessions, newest first. The order of two sessions never changes, because time and id never
 * change.
 */
function newestFirst(conditions: readonly string[]): string {
  return `SELECT toString(session_id) AS id, toString(organisation_id) AS organisationId,
  toString(configuration_id) AS configurationId, toString(toUnixTimestamp64Milli(time)) AS timeMs, tags,
  ${storedViewer} AS viewer,
  toString(producer) AS producer
FROM session_events WHERE ${conditions.join(' AND ')}
ORDER BY time DESC, session_id DESC`;
}
