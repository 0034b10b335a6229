import type { EventIdentity } from '../../src/events/session-event.ts';

/** A message of the stream, as the source delivers it. */
export interface SourceMessage {
  /** Position in the source. Positions increase; their meaning is known only to the source. */
  readonly position: number;
  /** The identity that the source carries outside the body, so that a message with an unreadable body still has one. */
  readonly identity: EventIdentity | undefined;
  readonly body: string;
  /**
   * The bytes of the body, if the source has them. If they are not valid UTF-8, the dead letter stores these bytes.
   * `body` is then a lossy decoding with replacement characters and is not used.
   */
  readonly rawBody?: Uint8Array;
  /** Headers of the message as JSON. A dead letter stores them. */
  readonly headers: string;
}

/**
 * A stream that the sink reads. Messages of one producer and partition arrive in the order of their sequence numbers.
 * The source may repeat any stretch of them.
 */
export interface Source {
  /** Name of the source. A dead letter stores it, together with the position. */
  readonly name: string;
  /** Returns the next messages, at most `max`, or an empty list if there are none. */
  read(max: number): Promise<SourceMessage[]>;
  /** Resolves when messages may be available, and after `timeoutMs` at the latest. */
  waitForMore(timeoutMs: number): Promise<void>;
  /** Reports that everything up to this position is stored. It is only a hint for the next start. */
  hint(position: number): Promise<void>;
  /** Moves back to the position after the last hint. */
  rewind(): void;
}
