import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { StreamState } from './stream-state.ts';

/** Rows that are ready to be sent. */
export interface EncodedRows {
  readonly count: number;
  /** Texts that make up the insert's body one after another. */
  readonly pieces: readonly string[];
}

/** Another process owns the partition of the stream now: whoever gets this must stop writing to it. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
}

/** Where the sink stores. Every call that rejects may have been carried out: the state is read anew then. */
export interface EventStore {
  /** What the table holds of each producer and partition, with its holes. */
  readState(): Promise<StreamState>;
  encode(events: readonly SessionEvent[]): EncodedRows;
  /** Stores a batch: one insert, one part in each table partition; durable when it resolves. */
  insert(rows: EncodedRows): Promise<void>;
  /** Durable when it resolves. The same letter again changes nothing. */
  insertDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  /** Those of the events that are not stored, each once: looked up exactly, by identity. */
  absentOf<T extends EventIdentity>(events: readonly T[]): Promise<T[]>;
}
