import type { EventIdentity, SessionDraft } from '../../events/session-event.ts';

/** What the gateway learns of an event that was accepted. */
export interface Accepted extends EventIdentity {
  readonly timeMs: number;
}

/** The gateway's side of the journal. */
export interface JournalAppender {
  /**
   * Gives the session its identity and time, and resolves when both are on disk: only then may the exchange be
   * answered.
   * @throws AppError `journal_unavailable` when the journal is full, failing or closed: nothing was accepted, or
   *   (after a disk error) an event may be kept of an exchange that is refused; never the other way round.
   */
  append(session: SessionDraft): Promise<unknown>;
}

/** An event in the journal, as its one reader gets it. */
export interface JournalEntry extends EventIdentity {
  /** Place in this journal, rising by one; not part of the event. */
  readonly position: number;
  readonly timeMs: number;
  /** The session event, JSON. */
  readonly body: string;
}

/** The one reader of the journal: the sink in embedded mode, the relay in cluster mode. */
export interface JournalReader {
  /** Where to begin after a start: behind what was acknowledged, or before it (the cursor is a hint). */
  startPosition(): number;
  /** Entries from a position on, at most `maxEntries`; only what is on disk. */
  read(fromPosition: number, maxEntries: number): JournalEntry[];
  /** Resolves when there is an entry at or behind `position`, at the latest after `timeoutMs`. */
  waitFor(position: number, timeoutMs: number): Promise<void>;
  /** Everything before this position has safely gone on. The durable cursor follows within a second. */
  acknowledge(nextPosition: number): void;
  /**
   * Takes back what was acknowledged, as far as the journal still has it: answers the position to read from. Always
   * safe: whoever stores the events knows what it has.
   */
  rewind(): number;
}

export interface JournalStatus {
  /** Accepted and not yet acknowledged by the reader. */
  readonly pendingEvents: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** False while appends are refused. */
  readonly accepting: boolean;
}

export interface Journal extends JournalAppender, JournalReader {
  /** Answers what the event got. Events become visible to the reader in the order of their sequence. */
  append(session: SessionDraft): Promise<Accepted>;
  /**
   * An instant W, epoch milliseconds: every event accepted before W has been acknowledged by the reader, and
   * every later one gets a time of W or after.
   */
  completeThroughMs(): number;
  status(): JournalStatus;
  /** Refuses new events, waits for those under way, writes the cursor and closes. */
  close(): Promise<void>;
}
