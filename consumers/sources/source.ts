import type { EventIdentity } from '../../src/events/session-event.ts';

/** A message of the stream, as it was found. */
export interface SourceMessage {
  /** Place in the source, rising; only the source knows what it means. */
  readonly position: number;
  /** The identity that stands beside the body, so that a body that cannot be read still has one. */
  readonly identity: EventIdentity | undefined;
  readonly body: string;
  /**
   * The body's bytes, from a source that has them: looked at only to tell whether they are UTF-8, and kept with a
   * dead letter when they are not. `body` is then their text with replacement characters, and is not read.
   */
  readonly rawBody?: Uint8Array;
  /** What else came with it, JSON; kept with a dead letter. */
  readonly headers: string;
}

/**
 * Where the sink gets the stream from. Messages of one producer and partition come in the order of their
 * sequence; stretches of them may come again.
 */
export interface Source {
  /** Said in dead letters: where the message was. */
  readonly name: string;
  /** The next messages, at most `max`; empty when there are none. */
  read(max: number): Promise<SourceMessage[]>;
  /** Resolves when there may be something to read, at the latest after `timeoutMs`. */
  waitForMore(timeoutMs: number): Promise<void>;
  /** Everything up to this position is stored: a hint where to begin next time. */
  hint(position: number): Promise<void>;
  /** Begin again at the last hint. */
  rewind(): void;
}
