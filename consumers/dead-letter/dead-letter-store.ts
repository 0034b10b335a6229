import type { DeadLetter } from './dead-letter.ts';

/** A dead letter in the store. A replay may already have stored its event. */
export interface StoredLetter extends DeadLetter {
  readonly firstSeenMs: number;
  /** When a replay stored the event of the dead letter. Undefined if no replay did. */
  readonly replayedAtMs: number | undefined;
}

export interface LetterFilter {
  readonly reason?: string | undefined;
  readonly producer?: string | undefined;
  /** Limits the list to dead letters that were first seen at this instant or later. */
  readonly sinceMs?: number | undefined;
  /** Includes replayed dead letters. */
  readonly includeReplayed?: boolean;
  readonly limit: number;
}

/** Lists stored dead letters and records replays. */
export interface DeadLetterStore {
  /** Returns dead letters with their bodies, newest first. */
  list(filter: LetterFilter): Promise<StoredLetter[]>;
  find(id: string): Promise<StoredLetter | undefined>;
  /**
   * Returns the ids of dead letters that have this reason and were not replayed, in ascending order, starting
   * after `afterId`.
   */
  waitingIds(reason: string, afterId: string, limit: number): Promise<string[]>;
  /** Marks dead letters as replayed. The change is durable when the promise resolves. Idempotent. */
  markReplayed(ids: readonly string[]): Promise<void>;
}
