import type { EventIdentity } from '../../src/events/session-event.ts';
import type { WatermarkHeaders } from '../../src/events/watermark.ts';

/** A message as the source delivers it. */
export interface SourceMessage {
  /** Position in the source. Positions increase, but not necessarily by 1. */
  readonly position: number;
  /** The event identity that is stored outside the body. It identifies the event even if the body is unreadable. */
  readonly identity: EventIdentity | undefined;
  /** Headers of a watermark. Undefined for every other message, also for a message with an event identity. */
  readonly watermark?: WatermarkHeaders | undefined;
  readonly body: string;
  /**
   * Bytes of the body, if the source has them. If they are not valid UTF-8, the dead letter stores these
   * bytes. `body` is then a lossy decoding with replacement characters and is not used.
   */
  readonly rawBody?: Uint8Array;
  /** Headers of the message as JSON. A dead letter stores them. */
  readonly headers: string;
}

/**
 * A stream of messages for the sink. Messages of one producer and partition arrive in the order of their
 * sequences. The source may deliver any consecutive messages again.
 */
export interface Source {
  /** Name of the source. A dead letter stores it together with the position. */
  readonly name: string;
  /** Returns the next messages, at most `max`, or an empty array if there are none. */
  read(max: number): Promise<SourceMessage[]>;
  /** Resolves when messages may be available, or after `timeoutMs`. */
  waitForMore(timeoutMs: number): Promise<void>;
  /**
   * Stores the cursor: every message up to this position is stored. The next start reads from the cursor. An old or
   * lost cursor is harmless, because the sink drops duplicates.
   */
  hint(position: number): Promise<void>;
  /** Moves back, so that `read` continues with the first message after the stored cursor. */
  rewind(): void;
}
