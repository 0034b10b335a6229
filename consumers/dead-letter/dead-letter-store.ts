import type { DeadLetter } from './dead-letter.ts';

/** A letter in the store. */
export interface StoredLetter extends DeadLetter {
  readonly firstSeenMs: number;
  /** When the letter became a row, or undefined if it was not replayed. */
  readonly replayedAtMs: number | undefined;
}

export interface LetterFilter {
  readonly reason?: string | undefined;
  readonly producer?: string | undefined;
  /** Only letters that were first seen at this instant or later. */
  readonly sinceMs?: number | undefined;
  /** Includes letters that became rows. */
  readonly includeReplayed?: boolean;
  readonly limit: number;
}

/** The dead letters that the sink has stored. */
export interface DeadLetterStore {
  /** Returns letters with their bodies, newest first. */
  list(filter: LetterFilter): Promise<StoredLetter[]>;
  find(id: string): Promise<StoredLetter | undefined>;
  /** Returns the ids of letters that have this reason and were not replayed, in order, starting after `afterId`. */
  waitingIds(reason: string, afterId: string, limit: number): Promise<string[]>;
  /** Records that letters became rows. The record is durable when the promise resolves. Idempotent. */
  markReplayed(ids: readonly string[]): Promise<void>;
}
