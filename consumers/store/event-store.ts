import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { StreamState } from './stream-state.ts';

/** Rows that are encoded for an insert. */
export interface EncodedRows {
  readonly count: number;
  /** Consecutive pieces of the insert's body. */
  readonly pieces: readonly string[];
}

/** Another process owns the partition of the stream. The caller must not write to it any more. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
}

/**
 * The table in which the sink stores events. A rejected call may still have taken effect: read the state again then.
 */
export interface EventStore {
  /** Partition of the stream whose events the store accepts, or undefined if it accepts all. */
  readonly partition?: number | undefined;
  /**
   * Reads what the table holds of each producer and partition, with its holes. Takes the partition if there is a
   * fence.
   */
  readState(): Promise<StreamState>;
  encode(events: readonly SessionEvent[]): EncodedRows;
  /** Stores a batch as one insert, which is one part in each table partition. Durable when the promise resolves. */
  insert(rows: EncodedRows): Promise<void>;
  /** Stores dead letters. Durable when the promise resolves. Idempotent. */
  insertDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  /** Returns whether a dead letter with this id is stored, replayed or not. */
  hasDeadLetter(id: string): Promise<boolean>;
  /** Returns the events that are not stored, each once. It looks up each identity exactly. */
  absentOf<T extends EventIdentity>(events: readonly T[]): Promise<T[]>;
}
