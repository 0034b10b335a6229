import type { SessionEvent } from '../../src/events/session-event.ts';
import { createDeadLetter, createNamelessLetter, type DeadLetter } from '../dead-letter/dead-letter.ts';
import { readMessage } from '../dead-letter/read-message.ts';
import type { SourceMessage } from '../sources/source.ts';
import type { StreamState } from '../store/stream-state.ts';
import { type Decision, decide } from './decide.ts';

/** What is to be done with a stretch of the stream. */
export interface Batch {
  readonly rows: SessionEvent[];
  /** To be looked up, and stored if they are not there. */
  readonly uncertain: SessionEvent[];
  readonly deadLetters: DeadLetter[];
  duplicates: number;
  /** Position of the last message that this batch settles; undefined when it settles none. */
  lastPosition: number | undefined;
  /** Type of a message of a newer version: nothing behind it was taken. */
  waitingFor: string | undefined;
}

/** Decides a stretch of messages, in order. Pure but for the state. */
export function decideBatch(
  state: StreamState,
  messages: readonly SourceMessage[],
  sourceName: string,
): Batch {
  const batch: Batch = {
    rows: [],
    uncertain: [],
    deadLetters: [],
    duplicates: 0,
    lastPosition: undefined,
    waitingFor: undefined,
  };
  for (const message of messages) {
    const decision = decide(state, readMessage(message), message.identity);
    if (decision.kind === 'wait') {
      batch.waitingFor = decision.type;
      break;
    }
    add(batch, decision, message, sourceName);
    batch.lastPosition = message.position;
  }
  return batch;
}

function add(
  batch: Batch,
  decision: Exclude<Decision, { kind: 'wait' }>,
  message: SourceMessage,
  source: string,
) {
  switch (decision.kind) {
    case 'row':
      batch.rows.push(decision.event);
      return;
    case 'look-up':
      batch.uncertain.push(decision.event);
      return;
    case 'dead-letter':
      batch.deadLetters.push(
        (decision.isNameless ? createNamelessLetter : createDeadLetter)(message, source, decision.reason),
      );
      return;
    case 'duplicate':
      batch.duplicates += 1;
      return;
    default:
      decision satisfies never;
  }
}
