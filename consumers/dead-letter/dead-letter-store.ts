import type { DeadLetter } from './dead-letter.ts';

/** A letter as it is kept. */
export interface KeptLetter extends DeadLetter {
  readonly firstSeenMs: number;
  /** When it became a row; undefined while it waits. */
  readonly replayedAtMs: number | undefined;
}

export interface LetterFilter {
  readonly reason?: string | undefined;
  readonly producer?: string | undefined;
  /** Seen at this instant or later. */
  readonly sinceMs?: number | undefined;
  /** Also those that became rows. */
  readonly includeReplayed?: boolean;
  readonly limit: number;
}

/** The letters in the store. */
export interface DeadLetterStore {
  /** The newest first; bodies too. */
  list(filter: LetterFilter): Promise<KeptLetter[]>;
  find(id: string): Promise<KeptLetter | undefined>;
  /** Ids of the letters with a reason that wait, in order, from behind `afterId` on. */
  waitingIds(reason: string, afterId: string, limit: number): Promise<string[]>;
  /** Notes that letters are rows now. Durable when it resolves; the same again changes nothing. */
  markReplayed(ids: readonly string[]): Promise<void>;
}
