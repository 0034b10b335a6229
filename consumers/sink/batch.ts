import type { SessionEvent } from '../../src/events/session-event.ts';
import type { Watermark } from '../../src/events/watermark.ts';
import {
  createDeadLetter,
  createDeadLetterWithoutIdentity,
  createMisplacedLetter,
  type DeadLetter,
} from '../dead-letter/dead-letter.ts';
import { readMessage } from '../dead-letter/read-message.ts';
import { createSkippedLetter } from '../dead-letter/skipped-letter.ts';
import type { SourceMessage } from '../sources/source.ts';
import type { StreamState } from '../store/stream-state.ts';
import type { BlockedMessage } from './blocked-message.ts';
import { type Decision, decide } from './decide.ts';
import { addWatermark, isCovered, watermarkOf } from './watermarks.ts';

/** Why a batch ends at its last message. */
export type BatchEnd =
  | { readonly kind: 'all-decided' }
  /** The next message is from a newer version. The batch contains neither it nor any later message. */
  | { readonly kind: 'blocked'; readonly blocked: BlockedMessage };

/** Decisions about consecutive messages of a source. */
export interface Batch {
  readonly rows: SessionEvent[];
  /** Events that the sink stores only if a look-up does not find them. */
  readonly uncertain: SessionEvent[];
  readonly deadLetters: DeadLetter[];
  /** Watermarks whose events are stored when this batch is stored. */
  readonly watermarks: Watermark[];
  duplicates: number;
  /** Position of the last message with a decision, or undefined if there is none. */
  lastPosition: number | undefined;
  end: BatchEnd;
}

/**
 * Decides what happens to consecutive messages, in order. Its only side effect is on `state`.
 *
 * @param partition stream partition that the sink stores, or undefined if it stores all of them.
 */
export function decideBatch(
  state: StreamState,
  messages: readonly SourceMessage[],
  sourceName: string,
  partition?: number,
): Batch {
  const batch = emptyBatch();
  for (const message of messages) {
    const watermark = watermarkOf(message, partition);
    if (watermark !== undefined) {
      if (isCovered(state, watermark)) addWatermark(batch.watermarks, watermark);
      batch.lastPosition = message.position;
      continue;
    }
    const decision = decide(state, readMessage(message), message.identity, partition);
    if (decision.kind === 'newer-version') {
      const letter = createSkippedLetter(message, sourceName, decision.type, partition);
      batch.end = { kind: 'blocked', blocked: { type: decision.type, letter } };
      break;
    }
    addDecision(batch, decision, message, sourceName);
    batch.lastPosition = message.position;
  }
  return batch;
}

function emptyBatch(): Batch {
  return {
    rows: [],
    uncertain: [],
    deadLetters: [],
    watermarks: [],
    duplicates: 0,
    lastPosition: undefined,
    end: { kind: 'all-decided' },
  };
}

function addDecision(
  batch: Batch,
  decision: Exclude<Decision, { kind: 'newer-version' }>,
  message: SourceMessage,
  sourceName: string,
): void {
  switch (decision.kind) {
    case 'row':
      batch.rows.push(decision.event);
      return;
    case 'look-up':
      batch.uncertain.push(decision.event);
      return;
    case 'dead-letter':
      batch.deadLetters.push(createDeadLetter(message, sourceName, decision.reason));
      return;
    case 'dead-letter-without-identity':
      batch.deadLetters.push(createDeadLetterWithoutIdentity(message, sourceName, decision.reason));
      return;
    case 'misplaced': {
      const { producer, partition, sequence } = decision.event;
      batch.deadLetters.push(createMisplacedLetter(message, sourceName, { producer, partition, sequence }));
      return;
    }
    case 'duplicate':
      batch.duplicates += 1;
      return;
    default:
      decision satisfies never;
  }
}
