import type { Grain } from '../../../../src/events/grains.ts';
import { storedViewer } from '../../../../src/events/stored-viewer.ts';
import { clickHouseTime, literal } from '../../../../src/platform/clickhouse/literals.ts';
import { placedLetters } from '../../../dead-letter/letters-query.ts';
import type { StreamName } from '../model/compare.ts';
import type { SequenceSet } from '../model/ranges.ts';
import type { TimeWindow } from './integrity-store.ts';

const table = 'session_events';
/**
 * Setting that makes ClickHouse read rows instead of projections. Otherwise the check would compare projections
 * with themselves.
 */
export const byRows = 'optimize_use_projections = 0';

/**
 * Query for the number of rows and the lowest and highest sequence, by partition, producer and month. It reads the
 * ledger projection.
 */
export const ledgerMonthsQuery = `
  SELECT partition, producer, month, count() AS rows, min(sequence) AS lowest, max(sequence) AS highest
  FROM ${table} GROUP BY partition, producer, month`;

/**
 * Query for the counts of one month, from its rows. A bitmap counts distinct sequences exactly, with about one bit
 * per sequence.
 */
export function countedRowsQuery(month: number): string {
  return `
  SELECT partition, producer, ${month} AS month, count() AS rows, groupBitmap(sequence) AS distinct,
    min(sequence) AS lowest, max(sequence) AS highest
  FROM ${table} WHERE ${inMonth(month)} GROUP BY partition, producer`;
}

/** Query for the number of rows of one month. */
export function storedRowsQuery(month: number): string {
  return `SELECT count() AS n FROM ${table} WHERE ${inMonth(month)}`;
}

/**
 * Query for the stored sequences of a producer and partition, as ranges of consecutive sequences. Within a range,
 * sequence minus row number is constant.
 */
export function sequencesQuery(stream: StreamName, months: readonly number[]): string {
  return `
  SELECT min(s) AS first, max(s) AS last FROM (
    SELECT s, s - row_number() OVER (ORDER BY s) AS stretch
    FROM (SELECT DISTINCT sequence AS s FROM ${table} WHERE ${streamCondition(stream, months)})
  ) GROUP BY stretch ORDER BY first`;
}

/**
 * Query for the counts of archived sessions by partition, producer and month. Its columns are those of
 * `countedRowsQuery`.
 */
export function archivedMonthsQuery(condition: string): string {
  return `
  SELECT partition, producer, month, sum(last - first + 1) AS rows, sum(last - first + 1) AS distinct,
    min(first) AS lowest, max(last) AS highest
  FROM archived_sequences WHERE ${condition} GROUP BY partition, producer, month`;
}

/** Query for the archived sequences of a producer and partition, as ranges. */
export function archivedRangesQuery({ producer, partition }: StreamName, condition: string): string {
  return `
  SELECT first, last FROM archived_sequences
  WHERE ${condition} AND producer = ${literal(producer)} AND partition = ${partition}`;
}

/** Query for the sequences of dead letters, as ranges, by producer and partition. */
export const lettersQuery = `
  SELECT partition, producer, min(s) AS first, max(s) AS last FROM (
    SELECT partition, producer, s, s - row_number() OVER (PARTITION BY partition, producer ORDER BY s) AS stretch
    FROM (SELECT DISTINCT partition, producer, sequence AS s FROM ${placedLetters})
  ) GROUP BY partition, producer, stretch ORDER BY partition, producer, first`;

/** Query for the number of dead letters without an event identity. */
export const namelessLettersQuery = `
  SELECT uniqExact(id) AS n FROM dead_letters
  WHERE sequence = 0 AND id NOT IN (SELECT id FROM dead_letter_replays)`;

/** Query for the sequences in a stream that have several rows. */
export function doubledSequencesQuery(stream: StreamName, months: readonly number[], limit: number): string {
  return `
  SELECT sequence FROM ${table} WHERE ${streamCondition(stream, months)}
  GROUP BY sequence HAVING count() > 1 ORDER BY sequence LIMIT ${limit}`;
}

/** Query for all rows in some ranges of sequences, with their locations. */
export function rowsQuery(
  stream: StreamName,
  months: readonly number[],
  sequences: SequenceSet,
  window: TimeWindow | undefined,
): string {
  const ranges = sequences.map(({ first, last }) => `sequence BETWEEN ${first} AND ${last}`);
  return `
  SELECT organisation_id, configuration_id, toString(session_id), toUnixTimestamp64Milli(time), tags, ${storedViewer},
    producer, partition, sequence, month, _part, _part_offset
  FROM ${table} WHERE ${streamCondition(stream, months)} AND (${ranges.join(' OR ')})${withinWindow(window)}
  ORDER BY sequence, _part, _part_offset`;
}

/**
 * Query for sessions that have several event identities and a row in this month. Each query checks one slice of the
 * month's session ids (by hash), so that the ids fit into memory.
 *
 * A session id contains the time when it was created (UUIDv7). A session with rows in two months therefore has a row
 * in a month other than that of its id. `strays` selects such rows, and the outer query reads the rows of their
 * sessions in all months.
 */
export function doubledSessionsQuery(
  month: number,
  slice: { readonly index: number; readonly count: number },
  limit: number,
): string {
  const inSlice = slice.count === 1 ? '1' : `cityHash64(session_id) % ${slice.count} = ${slice.index}`;
  const ids = `SELECT session_id FROM ${table} WHERE ${inMonth(month)} AND ${inSlice}`;
  const strays = `${ids} AND toYYYYMM(UUIDv7ToDateTime(session_id, 'UTC')) != ${month}`;
  return `
  SELECT groupUniqArray((producer, partition, sequence)) AS events FROM ${table}
  WHERE session_id IN (${ids} GROUP BY session_id HAVING count() > 1 UNION DISTINCT ${strays})
  GROUP BY session_id HAVING length(events) > 1 ORDER BY session_id LIMIT ${limit}`;
}

/**
 * Query for a digest of all groups of a grain in a month. If the projection and the rows agree, the query returns the
 * same digest from both.
 */
export function rollUpQuery({ keys, measures }: Grain, month: number): string {
  const columns = keys.join(', ');
  return `
  SELECT sum(n) AS sessions, toString(sum(cityHash64(${columns}, n, measured))) AS digest FROM (
    SELECT ${columns}, count() AS n, tuple(${measures.join(', ')}) AS measured FROM ${table}
    WHERE ${inMonth(month)} GROUP BY ${columns}
  )`;
}

/**
 * Condition for the rows of a month, by partition id. With a condition on a column instead, ClickHouse could not use
 * the projections.
 */
function inMonth(month: number): string {
  return `_partition_id = '${month}'`;
}

function withinWindow(window: TimeWindow | undefined): string {
  if (window === undefined) return '';
  const [first, last] = [window.firstMs, window.lastMs].map((ms) => literal(clickHouseTime(ms)));
  return ` AND time BETWEEN toDateTime64(${first}, 3, 'UTC') AND toDateTime64(${last}, 3, 'UTC')`;
}

function streamCondition({ producer, partition }: StreamName, months: readonly number[]): string {
  const ids =
    months.length === 0 ? '0' : `_partition_id IN (${months.map((month) => `'${month}'`).join(', ')})`;
  return `${ids} AND producer = ${literal(producer)} AND partition = ${partition}`;
}

/** Returns settings that make a query use the projection and fail if it cannot. */
export function byProjection(projection: string): string {
  const name = literal(projection);
  return `optimize_use_projections = 1, preferred_optimize_projection_name = ${name}, force_optimize_projection_name = ${name}`;
}
