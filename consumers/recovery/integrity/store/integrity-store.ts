import type { SessionEvent } from '../../../../src/events/session-event.ts';
import type { ViewerReplacer } from '../../../../src/events/viewer-replacement.ts';
import type { SequenceRange } from '../../../store/stream-state.ts';
import type { StreamName } from '../model/compare.ts';
import type { SequenceSet } from '../model/ranges.ts';
import type { DoubledSession } from '../model/report.ts';

/** Counts for the rows of one producer and partition in one month. */
export interface StreamMonth extends StreamName {
  readonly month: number;
  readonly rows: number;
  /**
   * Number of distinct sequences. Undefined if the counts come from the ledger, which does not contain this number.
   */
  readonly distinct: number | undefined;
  readonly lowest: number;
  readonly highest: number;
}

/** A row and its location in the table. The location distinguishes rows that are equal in every column. */
export interface PlacedRow {
  readonly event: SessionEvent;
  readonly month: number;
  readonly part: string;
  readonly offset: number;
}

/** Range of event times. Both ends are inclusive. */
export interface TimeWindow {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A digest over the groups of a projection, and the number of sessions in them. */
export interface RollUpDigest {
  readonly sessions: number;
  readonly digest: string;
}

/** Maximum number of rows per call of `remove`, because all of them go into one statement. */
export const maxRemovals = 5000;

/**
 * Reads and changes the event table for checks and repairs. Parameters such as the month and the limit bound the
 * memory that a call uses.
 */
export interface IntegrityStore {
  /** Counts the rows by partition, producer and month, and reads only the ledger projection to do so. */
  ledger(): Promise<StreamMonth[]>;
  /** Counts the rows of one month without using projections. */
  countedRows(month: number): Promise<StreamMonth[]>;
  sequencesOf(stream: StreamName, months: readonly number[]): Promise<SequenceSet>;
  /** Returns the dead-lettered sequences, by stream. */
  letters(): Promise<(StreamName & SequenceRange)[]>;
  /** Returns the number of dead letters without an event identity. */
  namelessLetters(): Promise<number>;
  /** Returns sequences that have several rows. */
  doubledSequences(stream: StreamName, months: readonly number[], limit: number): Promise<number[]>;
  /** Returns the replacer for forgotten viewers. Apply it to events of journals before you compare them with rows. */
  replacer(): Promise<ViewerReplacer>;
  /**
   * Returns all rows with these sequences, ordered by sequence and location. The pseudonyms of forgotten viewers are
   * replaced, also in rows that ClickHouse has not rewritten yet.
   */
  rowsOf(
    stream: StreamName,
    months: readonly number[],
    sequences: SequenceSet,
    window?: TimeWindow,
  ): Promise<PlacedRow[]>;
  /**
   * Returns sessions that have several event identities and a row in this month. The other rows may be in other
   * months.
   */
  doubledSessions(month: number, rows: number, limit: number): Promise<DoubledSession[]>;
  projections: readonly string[];
  rollUp(projection: string, month: number, from: 'projection' | 'rows'): Promise<RollUpDigest>;
  /**
   * Removes exactly these rows, at most `maxRemovals`, and their counts in the projections. A row stays if ClickHouse
   * has merged its part since the row was read.
   */
  remove(rows: readonly PlacedRow[]): Promise<void>;
}
