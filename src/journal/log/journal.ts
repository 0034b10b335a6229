import type { EventIdentity, SessionDraft } from '../../events/session-event.ts';

/** The identity and time of an accepted event. */
export interface Accepted extends EventIdentity {
  readonly timeMs: number;
}

/** The journal's interface for the gateway. */
export interface JournalAppender {
  /**
   * Assigns an identity and a time to the session, and resolves after the event is on disk. The exchange must not
   * respond before that.
   * @throws AppError `journal_unavailable` if the journal is full, failing or closed. The session is then not
   * accepted. After a disk error, the event may still be on disk, so a failed exchange may be counted. A successful
   * exchange is always counted.
   */
  append(session: SessionDraft): Promise<unknown>;
}

/** An event in the journal. */
export interface JournalEntry extends EventIdentity {
  /** Position in this journal. Positions increase by 1 and are not part of the event. */
  readonly position: number;
  readonly timeMs: number;
  /** The session event as JSON. */
  readonly body: string;
}

/** The journal's interface for its only reader: the sink in embedded mode, the relay in cluster mode. */
export interface JournalReader {
  /**
   * Returns the position from which to read after a start. It may be too early, so that acknowledged events are read
   * again, but it never skips an event.
   */
  startPosition(): number;
  /** Returns at most `maxEntries` entries, starting at a position. All of them are on disk. */
  read(fromPosition: number, maxEntries: number): JournalEntry[];
  /** Resolves when the journal has an entry at or after `position`, or after `timeoutMs`. */
  waitFor(position: number, timeoutMs: number): Promise<void>;
  /**
   * Confirms that all events before this position are stored or in Kafka. The cursor is saved to disk within a second.
   */
  acknowledge(nextPosition: number): void;
  /**
   * Moves the cursor back to the oldest event that the journal still has, and returns the position to read from. This
   * is always safe, because the sink drops events that are already stored.
   */
  rewind(): number;
}

/**
 * A producer that has ended. `sequences` contains its highest sequence by partition, among the events that the
 * journal still has.
 */
export interface EndedProducer {
  readonly producer: string;
  readonly sequences: ReadonlyMap<number, number>;
  /** Position after the producer's last event. */
  readonly endPosition: number;
}

export interface JournalStatus {
  /** Number of accepted events that the reader has not acknowledged. */
  readonly pendingEvents: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** Whether the journal accepts appends. */
  readonly accepting: boolean;
}

export interface Journal extends JournalAppender, JournalReader {
  /** Appends an event and returns its identity and time. The reader receives events in the order of their sequence. */
  append(session: SessionDraft): Promise<Accepted>;
  /**
   * Returns the watermark in epoch milliseconds. The reader has acknowledged every event before this instant. Every
   * future event has this time or a later one, unless the clock steps back. The watermark is never later than the
   * clock.
   */
  completeThroughMs(): number;
  /** Returns the id of the producer to which the next event will belong. */
  producer(): string;
  /** Returns the producers of earlier processes whose events the journal still has. */
  endedProducers(): Promise<EndedProducer[]>;
  /** Rejects new events, and waits for the current appends. The reader can still read and acknowledge events. */
  stopAccepting(): Promise<void>;
  /**
   * Starts a new producer if the clock has stepped back by more than 5 s. Appends do the same. Call it every second,
   * so that a step is also reported if there are no appends.
   */
  followClock(): void;
  status(): JournalStatus;
  /**
   * Returns the estimated size of the pending events in bytes: the size of the journal, multiplied by the share of its
   * events that are pending. The estimate is exact if all events are pending, or if all events have the same size.
   */
  pendingBytes(): number;
  /** Rejects new events, waits for the current appends, saves the cursor and closes the log. */
  close(): Promise<void>;
}
