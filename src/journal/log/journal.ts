import type { EventIdentity, SessionDraft } from '../../events/session-event.ts';

/** The identity and time of an accepted event. */
export interface Accepted extends EventIdentity {
  readonly timeMs: number;
}

/** The part of the journal that the gateway uses. */
export interface JournalAppender {
  /**
   * Assigns an identity and a time to the session, and resolves when the event is on disk. The exchange must not be answered
   * before that.
   * @throws AppError `journal_unavailable` when the journal is full, failing or closed. The session is then not accepted.
   *   After a disk error its event may still be on disk, so a refused exchange may be counted. An answered exchange is
   *   always counted.
   */
  append(session: SessionDraft): Promise<unknown>;
}

/** An event in the journal. */
export interface JournalEntry extends EventIdentity {
  /** The position in this journal. Positions increase by 1 and are not part of the event. */
  readonly position: number;
  readonly timeMs: number;
  /** The session event as JSON. */
  readonly body: string;
}

/** The part of the journal for its only reader: the sink in embedded mode, the relay in cluster mode. */
export interface JournalReader {
  /** Returns the position to read from after a start. It may be before the last acknowledged position, but not after it. */
  startPosition(): number;
  /** Returns at most `maxEntries` entries from a position on. All of them are on disk. */
  read(fromPosition: number, maxEntries: number): JournalEntry[];
  /** Resolves when there is an entry at or after `position`, or after `timeoutMs`. */
  waitFor(position: number, timeoutMs: number): Promise<void>;
  /** Confirms that all events before this position are stored or in Kafka. The cursor on disk follows within a second. */
  acknowledge(nextPosition: number): void;
  /**
   * Withdraws the acknowledgement of all events that the journal still has, and returns the position to read from. It is
   * always safe, because the sink drops events that are stored already.
   */
  rewind(): number;
}

export interface JournalStatus {
  /** The number of accepted events that the reader has not acknowledged. */
  readonly pendingEvents: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** Whether the journal accepts appends. */
  readonly accepting: boolean;
}

export interface Journal extends JournalAppender, JournalReader {
  /** Appends an event and returns its identity and time. The reader sees events in the order of their sequence. */
  append(session: SessionDraft): Promise<Accepted>;
  /**
   * Returns the watermark in epoch milliseconds. The reader has acknowledged every event from before this instant, and every
   * future event has a time at or after it.
   */
  completeThroughMs(): number;
  status(): JournalStatus;
  /** Rejects new events, waits for the current appends, saves the cursor and closes the log. */
  close(): Promise<void>;
}
