/**
 * Returns the SELECT for the signatures of UTC months of the event table. Its columns are `month`, `rows` and
 * `signature`.
 *
 * A signature changes whenever rows of the month are added, removed or changed. It is a hash of the number of rows, the
 * first and last time, and the highest number of a block or mutation. Each insert and each mutation gets the next number.
 * The name of a table part contains its numbers (PARTITION_MINBLOCK_MAXBLOCK_LEVEL, then the mutation if there was one).
 * A merge keeps the highest number. ClickHouse needs only the metadata of the parts for this SELECT, which takes about a
 * millisecond.
 * @param months the months. Undefined: all months.
 */
export function signaturesSql(months?: readonly number[]): string {
  const condition = months && ` WHERE _partition_id IN (${months.map((month) => `'${month}'`).join(', ')})`;
  return `SELECT toUInt32(_partition_id) AS month, sum(part_rows) AS rows,
    cityHash64(sum(part_rows), min(first), max(last), max(greatest(toUInt64(numbers[3]), toUInt64OrZero(numbers[5])))) AS signature
  FROM (SELECT _partition_id, splitByChar('_', _part) AS numbers, count() AS part_rows, min(time) AS first, max(time) AS last
    FROM session_events${condition ?? ''} GROUP BY _partition_id, _part)
  GROUP BY month`;
}
