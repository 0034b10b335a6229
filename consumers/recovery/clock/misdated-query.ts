/** A row of the query, with numbers as ClickHouse writes them in JSON. */
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
/** The clock reading in a session id. An id of another UUID version has none, so it never proves a wrong time. */
const idMs = `if(substring(toString(session_id), 15, 1) = '7',
  toUnixTimestamp64Milli(UUIDv7ToDateTime(session_id)), ${timeMs})`;

/**
 * Query for stored sessions whose time is later than a clock reading that follows it. Times increase within a producer, so
 * a stream without a session that is later than its own id has no other misdated sessions either, except in the future.
 * Only the other streams are sorted.
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
