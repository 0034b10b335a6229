/** A row that the query returns. ClickHouse may write numbers as text in JSON. */
export interface RawMisdatedRow {
  readonly producer: string;
  readonly partition: number | string;
  readonly sequence: number | string;
  readonly session_id: string;
  readonly time_ms: number | string;
  readonly before_ms: number | string;
}

export interface MisdatedQueryOptions {
  readonly nowMs: number;
  readonly toleranceMs: number;
  readonly limit: number;
}

const timeMs = 'toUnixTimestamp64Milli(time)';
/**
 * SQL expression for the clock reading in a session id. If the id is not a UUIDv7, it contains no clock reading, and
 * the expression is the session's own time, which never proves that this time is wrong.
 */
const idMs = `if(substring(toString(session_id), 15, 1) = '7',
  toUnixTimestamp64Milli(UUIDv7ToDateTime(session_id)), ${timeMs})`;

/**
 * Query for misdated sessions in the event table: those whose time is more than `toleranceMs` later than now, than
 * their own id, or than a later id of the same producer and partition.
 *
 * Sorting all sessions would be expensive. The inner query therefore finds the producers and partitions in which at
 * least one session is later than now or than its own id. Times do not decrease within a producer, so no other
 * producer and partition has a misdated session.
 */
export function misdatedRowsQuery({ nowMs, toleranceMs, limit }: MisdatedQueryOptions): string {
  return `
  SELECT producer, partition, sequence, toString(session_id) AS session_id, time_ms, before_ms FROM (
    SELECT producer, partition, sequence, session_id, ${timeMs} AS time_ms,
      least(${nowMs}, min(${idMs}) OVER (
        PARTITION BY producer, partition ORDER BY sequence ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
      )) AS before_ms
    FROM session_events
    WHERE (producer, partition) IN (
      SELECT producer, partition FROM session_events
      WHERE ${timeMs} > least(${nowMs}, ${idMs}) + ${toleranceMs} GROUP BY producer, partition
    )
  )
  WHERE time_ms > before_ms + ${toleranceMs}
  ORDER BY time_ms, producer, partition, sequence LIMIT ${limit}`;
}
