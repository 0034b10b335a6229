import type { SessionEvent } from '../../../../src/events/session-event.ts';
import type { SequenceRange } from '../../../store/stream-state.ts';
import type { StreamName } from '../model/compare.ts';
import type { SequenceSet } from '../model/ranges.ts';
import type { DoubledSession } from '../model/report.ts';

/** What a month of the table holds of a producer and partition. */
export interface StreamMonth extends StreamName {
  readonly month: number;
  readonly rows: number;
  /** Number of distinct sequences, or undefined if only the ledger was read, which does not know it. */
  readonly distinct: number | undefined;
  readonly lowest: number;
  readonly highest: number;
}

/** A row and its place in the table. The place distinguishes rows that are equal in every column. */
export interface PlacedRow {
  readonly event: SessionEvent;
  readonly month: number;
  readonly part: string;
  readonly offset: number;
}

/** Both ends are inclusive. */
export interface TimeWindow {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A digest over the groups of a projection, and the number of sessions that they count. */
export interface RollUpDigest {
  readonly sessions: number;
  readonly digest: string;
}

/** Most rows that one call of `remove` takes, because all of them are in one statement. */
export const maxRemovals = 5000;

/**
 * What check and repair read and change in the event table. Months, streams and limits bound the memory of each call.
 */
export interface IntegrityStore {
  /** Reads the ledger projection alone. */
  ledger(): Promise<StreamMonth[]>;
  /** Counts the rows of one month without any projection. */
  countedRows(month: number): Promise<StreamMonth[]>;
  sequencesOf(stream: StreamName, months: readonly number[]): Promise<SequenceSet>;
  /** Returns the sequences of dead letters, by stream. */
  letters(): Promise<(StreamName & SequenceRange)[]>;
  /** Returns the number of dead letters without an identity. */
  namelessLetters(): Promise<number>;
  /** Returns sequences with several rows. */
  doubledSequences(stream: StreamName, months: readonly number[], limit: number): Promise<number[]>;
  /** Returns all rows of these sequences, in the order of sequence and place. */
  rowsOf(
    stream: StreamName,
    months: readonly number[],
    sequences: SequenceSet,
    window?: TimeWindow,
  ): Promise<PlacedRow[]>;
  /** Returns sessions of a month that have several identities, in this month or in others. */
  doubledSessions(month: number, rows: number, limit: number): Promise<DoubledSession[]>;
  projections: readonly string[];
  rollUp(projection: string, month: number, from: 'projection' | 'rows'): Promise<RollUpDigest>;
  /**
   * Removes exactly these rows, at most `maxRemovals`. Rows and projections agree afterwards. A row whose part was
   * merged since it was read is not removed.
   */
  remove(rows: readonly PlacedRow[]): Promise<void>;
}
