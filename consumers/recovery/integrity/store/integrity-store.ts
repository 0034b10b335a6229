import type { SessionEvent } from '../../../../src/events/session-event.ts';
import type { SequenceRange } from '../../../store/stream-state.ts';
import type { StreamName } from '../model/compare.ts';
import type { SequenceSet } from '../model/ranges.ts';
import type { DoubledSession } from '../model/report.ts';

/** What a month of the table holds of a producer and partition. */
export interface StreamMonth extends StreamName {
  readonly month: number;
  readonly rows: number;
  /** Different sequences among them; undefined where only the ledger was asked, which cannot know. */
  readonly distinct: number | undefined;
  readonly lowest: number;
  readonly highest: number;
}

/** A row and where it lies: two rows that say the same are told apart by their place. */
export interface PlacedRow {
  readonly event: SessionEvent;
  readonly month: number;
  readonly part: string;
  readonly offset: number;
}

/** Both included. */
export interface TimeWindow {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A part of a projection's content: digest over its groups, and the sessions they count. */
export interface RollUpDigest {
  readonly sessions: number;
  readonly digest: string;
}

/** So many fit into one statement. */
export const mostRemovals = 5000;

/** What the check and the repair ask of the event table. Memory is bounded: by month, by stream, by limit. */
export interface IntegrityStore {
  /** From the ledger projection alone. */
  ledger(): Promise<StreamMonth[]>;
  /** From the rows of one month, without any projection. */
  countedRows(month: number): Promise<StreamMonth[]>;
  sequencesOf(stream: StreamName, months: readonly number[]): Promise<SequenceSet>;
  /** Places of dead letters by stream. */
  letters(): Promise<(StreamName & SequenceRange)[]>;
  namelessLetters(): Promise<number>;
  /** Sequences with several rows. */
  doubledSequences(stream: StreamName, months: readonly number[], limit: number): Promise<number[]>;
  /** All rows of these sequences, by sequence and place. */
  rowsOf(
    stream: StreamName,
    months: readonly number[],
    sequences: SequenceSet,
    window?: TimeWindow,
  ): Promise<PlacedRow[]>;
  /** Sessions under several identities, also in two months. */
  doubledSessions(month: number, rows: number, limit: number): Promise<DoubledSession[]>;
  projections: readonly string[];
  rollUp(projection: string, month: number, from: 'projection' | 'rows'): Promise<RollUpDigest>;
  /**
   * Removes exactly these rows; rows and projections agree afterwards. A row whose part was merged since it was looked
   * up stays where it is. At most `mostRemovals` at a time.
   */
  remove(rows: readonly PlacedRow[]): Promise<void>;
}
