import type { DecodedEvent } from '../../src/events/decode-session-event.ts';
import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import { identityMismatchReason, isSameIdentity } from '../dead-letter/read-message.ts';
import {
  isInHole,
  monthOf,
  producerStateOf,
  recordSequence,
  type StreamState,
} from '../store/stream-state.ts';

/** What the sink does with one message. */
export type Decision =
  | { readonly kind: 'row'; readonly event: SessionEvent }
  | { readonly kind: 'duplicate' }
  /** The event is in a known hole below the mark. Only an exact look-up shows whether it is stored. */
  | { readonly kind: 'look-up'; readonly event: SessionEvent }
  /** Unreadable. The letter takes the place of the message in the stream, if the message has an identity. */
  | { readonly kind: 'dead-letter'; readonly reason: string }
  /** The identity cannot be trusted. The letter takes no place in the stream. */
  | { readonly kind: 'dead-letter-without-identity'; readonly reason: string }
  /** A readable event that was found in another partition than its own. */
  | { readonly kind: 'misplaced'; readonly event: SessionEvent }
  /** A newer version: the partition waits here until watmeter is upgraded. */
  | { readonly kind: 'newer-version'; readonly type: string };

/**
 * Decides what happens to one message, from what the table holds (docs/explanation/delivery.md, section 5), and
 * records the decision in `state`. It has no other side effect. The caller discards the state if the batch fails.
 *
 * @param partition partition of the stream that the sink stores, or undefined if it stores all of them.
 */
export function decide(
  state: StreamState,
  decoded: DecodedEvent,
  headerIdentity: EventIdentity | undefined,
  partition?: number,
): Decision {
  switch (decoded.kind) {
    case 'newer-version':
      return { kind: 'newer-version', type: decoded.type };
    case 'unreadable':
      return decideUnreadable(state, decoded.reason, headerIdentity, partition);
    case 'event':
      return decideReadable(state, decoded.event, headerIdentity, partition);
    default:
      return decoded satisfies never;
  }
}

function decideUnreadable(
  state: StreamState,
  reason: string,
  headerIdentity: EventIdentity | undefined,
  partition: number | undefined,
): Decision {
  if (headerIdentity === undefined) return { kind: 'dead-letter', reason };
  // Its place is in another partition, where the readable event of this identity may still arrive.
  if (isMisplaced(headerIdentity, partition)) return { kind: 'dead-letter-without-identity', reason };
  recordSequence(
    producerStateOf(state, headerIdentity.producer, headerIdentity.partition),
    headerIdentity.sequence,
  );
  return { kind: 'dead-letter', reason };
}

function decideReadable(
  state: StreamState,
  event: SessionEvent,
  headerIdentity: EventIdentity | undefined,
  partition: number | undefined,
): Decision {
  // A mismatch proves neither identity, so both places stay open for the events that belong there.
  if (headerIdentity !== undefined && !isSameIdentity(event, headerIdentity))
    return { kind: 'dead-letter-without-identity', reason: identityMismatchReason };
  return isMisplaced(event, partition) ? { kind: 'misplaced', event } : decideEvent(state, event);
}

function isMisplaced(identity: EventIdentity, partition: number | undefined): boolean {
  return partition !== undefined && identity.partition !== partition;
}

function decideEvent(state: StreamState, event: SessionEvent): Decision {
  const producerState = producerStateOf(state, event.producer, event.partition);
  const month = monthOf(event.timeMs);
  const mark = producerState.marks.get(month) ?? 0;
  if (event.sequence <= mark)
    return isInHole(producerState, event.sequence) ? { kind: 'look-up', event } : { kind: 'duplicate' };
  producerState.marks.set(month, event.sequence);
  recordSequence(producerState, event.sequence);
  return { kind: 'row', event };
}
