import type { TimeWindow } from '../../time/time-windows.ts';
import type { UsageSql } from '../sql.ts';
import { partitionCondition, windowCondition } from '../steps/step-sql.ts';

/** Sessions of one configuration in one second. */
export interface SecondCount {
  /** Start of the second, in epoch seconds. */
  readonly second: number;
  readonly organisationId: string;
  readonly configurationId: string;
  readonly sessions: number;
}

/**
 * Returns the statement that counts sessions by second. It has no bound values, because chdb runs only one statement
 * with bound values at a time, and this statement must not wait for a long query.
 */
export function secondCountsSql(window: TimeWindow): UsageSql {
  const conditions = [...partitionCondition([window]), windowCondition(window)];
  return {
    sql: `SELECT intDiv(toUnixTimestamp64Milli(time), 1000) AS second, toString(organisation_id) AS organisationId,
  toString(configuration_id) AS configurationId, count() AS sessions
FROM session_events WHERE ${conditions.join(' AND ')}
GROUP BY second, organisation_id, configuration_id`,
    params: {},
  };
}
