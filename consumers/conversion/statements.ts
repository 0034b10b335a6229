import { ledgerQuery } from '../store/statements/event-queries.ts';

/**
 * The event table, and the table to which the conversion copies the rows. The two tables then exchange their names.
 */
export const eventTable = 'session_events';
export const nextTable = 'session_events_next';

/** Columns that an INSERT statement fills. ClickHouse computes the other columns from these. */
const columns =
  'organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence';

/**
 * SQL expression for the viewer of a row, as a UUID, from a table of either format. Version 0.1.0 stored 32
 * hexadecimal digits as text. Any other text becomes its MD5 hash, so that different viewers stay different. Imports
 * may have stored such texts.
 */
const viewer = 'ifNull(toUUIDOrNull(toString(viewer)), reinterpretAsUUID(MD5(toString(viewer))))';

/**
 * Settings that limit a statement of the conversion to one thread, so that token exchanges can use the other cores.
 */
const oneThread = 'max_threads = 1, max_insert_threads = 1';

/** Query for the tables of the conversion, with the type of their column `viewer`. */
export const formatsQuery = `
  SELECT table, type FROM system.columns
  WHERE database = currentDatabase() AND table IN ('${eventTable}', '${nextTable}') AND name = 'viewer'`;

/**
 * Query for the months of both tables, with the number of rows in the event table. The number is 0 for a month that
 * an earlier attempt copied and whose rows were removed since. The query reads the ledger projections.
 */
export const monthsQuery = `
  SELECT month, sum(n) AS rows FROM (
    SELECT month, count() AS n FROM ${eventTable} GROUP BY month
    UNION ALL
    SELECT month, toUInt64(0) AS n FROM ${nextTable} GROUP BY month
  ) GROUP BY month ORDER BY month`;

/** Query for three values of a month: number of rows, earliest and latest time, and a digest of all stored values. */
export function monthDigestQuery(table: string, month: number): string {
  return `
  SELECT count() AS rows, toUnixTimestamp64Milli(min(time)) AS firstMs, toUnixTimestamp64Milli(max(time)) AS lastMs,
    toString(sum(cityHash64(organisation_id, configuration_id, session_id, time, tags, ${viewer}, producer, partition, sequence))) AS digest
  FROM ${table} WHERE _partition_id = '${month}' SETTINGS ${oneThread}, optimize_use_projections = 0`;
}

/**
 * Returns the statement that copies the rows of a month whose times are in a window.
 * @param condition SQL condition. If it is false, the statement copies no row.
 */
export function copyStatement(
  month: number,
  { firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number },
  condition: string,
): string {
  const time = (ms: number) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  return `
  INSERT INTO ${nextTable} (${columns})
  SELECT ${columns.replace('viewer', `${viewer} AS viewer`)}
  FROM ${eventTable} AS rows
  WHERE _partition_id = '${month}' AND rows.time >= ${time(firstMs)} AND rows.time <= ${time(lastMs)} AND ${condition}
  SETTINGS ${oneThread}, min_insert_block_size_rows = 1000000, async_insert = 0`;
}

/**
 * Returns the statement that copies rows from the replaced table to the event table, if their events have no row
 * there. A sink of an older version stored these rows after the copy.
 */
export function copyLateStatement(month: number, condition: string): string {
  const inMonth = `_partition_id = '${month}'`;
  return `
  INSERT INTO ${eventTable} (${columns})
  SELECT ${columns.replace('viewer', `${viewer} AS viewer`)}
  FROM ${nextTable} AS rows
  WHERE ${inMonth} AND (producer, partition, sequence) NOT IN (
    SELECT producer, partition, sequence FROM ${eventTable} WHERE ${inMonth}) AND ${condition}
  SETTINGS ${oneThread}, async_insert = 0`;
}

/**
 * Query for the months in which a producer and partition has more rows in `table` than in `other`. It reads the
 * ledgers of both tables.
 */
export function monthsWithMoreQuery(table: string, other: string): string {
  return `
  SELECT DISTINCT month FROM (
    SELECT partition, producer, month, toInt64(rows) AS more FROM (${ledgerQuery('1', table)})
    UNION ALL
    SELECT partition, producer, month, -toInt64(rows) AS more FROM (${ledgerQuery('1', other)})
  ) GROUP BY partition, producer, month HAVING sum(more) > 0 ORDER BY month`;
}

/** Returns the query that compares every file of a month in the next table with its checksum. */
export function checkQuery(month: number): string {
  return `CHECK TABLE ${nextTable} PARTITION ID '${month}' SETTINGS check_query_single_value_result = 1`;
}

/**
 * Returns the statement that removes all rows of a month from the next table, so that the month can be copied again.
 */
export function dropMonthStatement(month: number): string {
  return `ALTER TABLE ${nextTable} DROP PARTITION ID '${month}' SETTINGS max_partition_size_to_drop = 0`;
}

/** Statements that end a conversion. Both contain the placeholders `{database}` and `{on_cluster}`. */
export const exchangeStatement = `EXCHANGE TABLES {database}.${eventTable} AND {database}.${nextTable} {on_cluster}`;
export const dropStatement = `DROP TABLE IF EXISTS {database}.${nextTable} {on_cluster} SYNC SETTINGS max_table_size_to_drop = 0`;
