import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { StreamState } from './stream-state.ts';

/** Rows that are encoded for an insert. */
export interface EncodedRows {
  readonly count: number;
  /** Chunks that make up the body of the insert, in order. */
  readonly pieces: readonly string[];
}

/** Thrown when another process owns the stream partition. The caller must stop writing to it. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
}

/**
 * Writes and looks up stored events. A call that rejects may still have taken effect, so the caller must then
 * read the state again.
 */
export interface EventStore {
  /** Stream partition whose events the store accepts, or undefined if it accepts all. */
  readonly partition?: number | undefined;
  /**
   * Reads the stored sequences of each producer and partition, including missing ranges. A store with a fence takes
   * the partition first.
   */
  readState(): Promise<StreamState>;
  encode(events: readonly SessionEvent[]): EncodedRows;
  /** Stores a batch with one insert, which creates one table part per month. Durable when the promise resolves. */
  insert(rows: EncodedRows): Promise<void>;
  /** Stores dead letters. Durable when the promise resolves. Idempotent. */
  insertDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  /** Returns whether a dead letter with this id is stored, replayed or not. */
  hasDeadLetter(id: string): Promise<boolean>;
  /** Looks up each event by its exact identity. Returns the events that are not stored, without duplicates. */
  absentOf<T extends EventIdentity>(events: readonly T[]): Promise<T[]>;
}
