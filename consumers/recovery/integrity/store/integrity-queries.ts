import type { Grain } from '../../../../src/events/grains.ts';
import { clickHouseTime, literal } from '../../../../src/platform/clickhouse/literals.ts';
import { placedLetters } from '../../../dead-letter/letters-query.ts';
import type { StreamName } from '../model/compare.ts';
import type { SequenceSet } from '../model/ranges.ts';
import type { TimeWindow } from './integrity-store.ts';

const table = 'session_events';
/** The rows themselves answer: a projection would only repeat what is to be checked. */
export const byRows = 'optimize_use_projections = 0';

export const ledgerMonthsQuery = `
  SELECT partition, producer, month, count() AS rows, min(sequence) AS lowest, max(sequence) AS highest
  FROM ${table} GROUP BY partition, producer, month`;

/** A bitmap counts different sequences exactly and takes about a bit for each, since they lie close together. */
export function countedRowsQuery(month: number): string {
  return `
  SELECT partition, producer, ${month} AS month, count() AS rows, groupBitmap(sequence) AS distinct,
    min(sequence) AS lowest, max(sequence) AS highest
  FROM ${table} WHERE ${inMonth(month)} GROUP BY partition, producer`;
}

/** Stretches of following sequences: of such, the sequence less its place in the order is the same. */
export function sequencesQuery(stream: StreamName, months: readonly number[]): string {
  return `
  SELECT min(s) AS first, max(s) AS last FROM (
    SELECT s, s - row_number() OVER (ORDER BY s) AS stretch
    FROM (SELECT DISTINCT sequence AS s FROM ${table} WHERE ${ofStream(stream, months)})
  ) GROUP BY stretch ORDER BY first`;
}

export const lettersQuery = `
  SELECT partition, producer, min(s) AS first, max(s) AS last FROM (
    SELECT partition, producer, s, s - row_number() OVER (PARTITION BY partition, producer ORDER BY s) AS stretch
    FROM (SELECT DISTINCT partition, producer, sequence AS s FROM ${placedLetters})
  ) GROUP BY partition, producer, stretch ORDER BY partition, producer, first`;

export const namelessLettersQuery = `
  SELECT uniqExact(id) AS n FROM dead_letters
  WHERE sequence = 0 AND id NOT IN (SELECT id FROM dead_letter_replays)`;

export function doubledSequencesQuery(stream: StreamName, months: readonly number[], limit: number): string {
  return `
  SELECT sequence FROM ${table} WHERE ${ofStream(stream, months)}
  GROUP BY sequence HAVING count() > 1 ORDER BY sequence LIMIT ${limit}`;
}

export function rowsQuery(
  stream: StreamName,
  months: readonly number[],
  sequences: SequenceSet,
  window: TimeWindow | undefined,
): string {
  const asked = sequences.map(({ first, last }) => `sequence BETWEEN ${first} AND ${last}`);
  return `
  SELECT organisation_id, configuration_id, toString(session_id), toUnixTimestamp64Milli(time), tags, viewer,
    producer, partition, sequence, month, _part, _part_offset
  FROM ${table} WHERE ${ofStream(stream, months)} AND (${asked.join(' OR ')})${within(window)}
  ORDER BY sequence, _part, _part_offset`;
}

/**
 * Sessions of one slice of a month that have another row, anywhere. A month's ids are cut into slices by their hash, so
 * that a set of them fits into memory. An id tells its own time (UUIDv7): only one that lies in a month that is not its
 * own can have its twin in another month.
 */
export function doubledSessionsQuery(
  month: number,
  slice: { readonly index: number; readonly of: number },
  limit: number,
): string {
  const inSlice = slice.of === 1 ? '1' : `cityHash64(session_id) % ${slice.of} = ${slice.index}`;
  const ids = `SELECT session_id FROM ${table} WHERE ${inMonth(month)} AND ${inSlice}`;
  const strays = `${ids} AND toYYYYMM(UUIDv7ToDateTime(session_id, 'UTC')) != ${month}`;
  return `
  SELECT groupUniqArray((producer, partition, sequence)) AS events FROM ${table}
  WHERE session_id IN (${ids} GROUP BY session_id HAVING count() > 1 UNION DISTINCT ${strays})
  GROUP BY session_id HAVING length(events) > 1 ORDER BY session_id LIMIT ${limit}`;
}

/** Returns the query of one number over all groups of a month, the same whether the projection answers or the rows. */
export function rollUpQuery({ keys, measures }: Grain, month: number): string {
  const columns = keys.join(', ');
  return `
  SELECT sum(n) AS sessions, toString(sum(cityHash64(${columns}, n, measured))) AS digest FROM (
    SELECT ${columns}, count() AS n, tuple(${measures.join(', ')}) AS measured FROM ${table}
    WHERE ${inMonth(month)} GROUP BY ${columns}
  )`;
}

/** By the parts' own mark: a condition on a column would keep the projections from answering. */
function inMonth(month: number): string {
  return `_partition_id = '${month}'`;
}

function within(window: TimeWindow | undefined): string {
  if (window === undefined) return '';
  const [first, last] = [window.firstMs, window.lastMs].map((ms) => literal(clickHouseTime(ms)));
  return ` AND time BETWEEN toDateTime64(${first}, 3, 'UTC') AND toDateTime64(${last}, 3, 'UTC')`;
}

function ofStream({ producer, partition }: StreamName, months: readonly number[]): string {
  const ids =
    months.length === 0 ? '0' : `_partition_id IN (${months.map((month) => `'${month}'`).join(', ')})`;
  return `${ids} AND producer = ${literal(producer)} AND partition = ${partition}`;
}

/** Settings under which a projection answers, or the query fails. */
export function byProjection(projection: string): string {
  return `optimize_use_projections = 1, force_optimize_projection_name = '${projection}'`;
}
