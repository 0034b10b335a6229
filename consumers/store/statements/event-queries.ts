import { literal } from '../../../src/platform/clickhouse/literals.ts';
import { placedLetters } from '../../dead-letter/letters-query.ts';

/**
 * Query for the ledger: highest sequence and number of rows per partition, producer and month. ClickHouse reads the
 * projection `ledger` and no rows of the table.
 */
export const ledgerQuery = (scope = '1', table = 'session_events') => `
  SELECT partition, producer, month, max(sequence) AS highest, count() AS rows
  FROM ${table} WHERE ${scope} GROUP BY partition, producer, month`;

/** SQL conditions for archived sequences (docs/how-to/retention.md). Functions get undefined if no month is archived. */
export interface ArchivedSequences {
  /** Condition for all archives. */
  readonly all: string;
  /** Condition for the archives whose sessions are dropped. */
  readonly dropped: string;
}

/** Query for the archived sequences by partition, producer and month. Its columns are those of `ledgerQuery`. */
function archivedLedger(scope: string, condition: string): string {
  return `
  SELECT partition, producer, month, max(last) AS highest, toUInt64(sum(last - first + 1)) AS rows
  FROM archived_sequences WHERE ${scope} AND ${condition} GROUP BY partition, producer, month`;
}

/**
 * Query for the high-water marks. It reads all archives, also those whose sessions are still in the event table.
 * Otherwise, the marks of a month that is dropped during the query would be lost. The column `rows` counts the sessions
 * of such archives twice, so it must not be used.
 */
export function marksQuery(scope: string, archived: ArchivedSequences | undefined): string {
  if (archived === undefined) return ledgerQuery(scope);
  return `SELECT partition, producer, month, max(highest) AS highest, sum(rows) AS rows FROM (
    ${ledgerQuery(scope)} UNION ALL ${archivedLedger(scope, archived.all)}
  ) GROUP BY partition, producer, month`;
}

/** Query for the streams that have dead letters, or fewer rows than their highest sequence. */
export const irregularQuery = (scope: string, archived?: ArchivedSequences) => `
  SELECT partition, producer, max(top) AS highest FROM (
    SELECT partition, producer, highest AS top, rows FROM (${ledgerQuery(scope)})${
      archived === undefined
        ? ''
        : `
    UNION ALL SELECT partition, producer, highest AS top, rows FROM (${archivedLedger(scope, archived.dropped)})`
    }
    UNION ALL
    SELECT partition, producer, max(sequence) AS top, 0 AS rows
    FROM ${placedLetters} WHERE ${scope} GROUP BY partition, producer
  ) GROUP BY partition, producer HAVING sum(rows) != max(top)`;

/** Condition for the rows of one producer and partition. */
export function streamCondition(producer: string, partition: number): string {
  return `producer = ${literal(producer)} AND partition = ${partition}`;
}

/**
 * Query for the months that may contain sequences in a range. It reads the ledger. The caller then reads only the
 * rows of these months.
 */
export function monthsOfRangeQuery(condition: string, first: number, last: number): string {
  return `
  SELECT month FROM session_events WHERE ${condition} GROUP BY partition, producer, month
  HAVING min(sequence) <= ${last} AND max(sequence) >= ${first}`;
}

/** Query for the sequences in a list that have a row. */
export function storedSequencesQuery(
  condition: string,
  sequences: readonly number[],
  months: readonly (string | number)[],
): string {
  return `
  SELECT sequence FROM session_events
  WHERE ${condition} AND sequence IN (${sequences.join(', ')}) AND ${inMonths(months)}`;
}

/**
 * Query for missing ranges: sequences that have neither a row nor a dead letter.
 *
 * @param months the months in which the ledger has rows of this producer and partition.
 */
export function missingRangesQuery(
  producer: string,
  partition: number,
  months: readonly number[],
  archived?: ArchivedSequences,
): string {
  const condition = streamCondition(producer, partition);
  return `
  SELECT previous + 1 AS first, sequence - 1 AS last FROM (
    SELECT sequence, lagInFrame(sequence, 1, 0) OVER (
      ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS previous
    FROM (
      SELECT sequence FROM session_events WHERE ${condition} AND ${inMonths(months)}
      UNION DISTINCT SELECT sequence FROM ${placedLetters} WHERE ${condition}${archivedUnion(condition, archived)}
    )
  ) WHERE sequence > previous + 1 ORDER BY first`;
}

function archivedUnion(condition: string, archived: ArchivedSequences | undefined): string {
  if (archived === undefined) return '';
  return `
      UNION DISTINCT SELECT arrayJoin(range(first, last + 1)) AS sequence FROM archived_sequences
      WHERE ${condition} AND ${archived.all}`;
}

/** Query for the archived ranges of a stream that overlap the sequences from `first` to `last`. */
export function archivedRangesQuery(
  condition: string,
  archived: ArchivedSequences,
  first: number,
  last: number,
) {
  return `
  SELECT first, last FROM archived_sequences
  WHERE ${condition} AND ${archived.all} AND first <= ${last} AND last >= ${first}`;
}

/** Query that returns one row if the dead letter with this id is stored. */
export function deadLetterQuery(id: string): string {
  return `SELECT id FROM dead_letters WHERE id = ${literal(id)} LIMIT 1`;
}

function inMonths(months: readonly (number | string)[]): string {
  return months.length === 0 ? '0' : `toYYYYMM(time, 'UTC') IN (${months.join(', ')})`;
}
