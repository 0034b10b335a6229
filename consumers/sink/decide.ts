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

/** Decision of the sink about one message. */
export type Decision =
  | { readonly kind: 'row'; readonly event: SessionEvent }
  | { readonly kind: 'duplicate' }
  /**
   * The event is in a missing range below the high-water mark. Only an exact look-up shows whether the event is
   * stored.
   */
  | { readonly kind: 'look-up'; readonly event: SessionEvent }
  /**
   * The message is unreadable. If it has an event identity, the dead letter fills the sequence of this identity: the
   * sequence no longer counts as missing.
   */
  | { readonly kind: 'dead-letter'; readonly reason: string }
  /** The event identity cannot be trusted, so the dead letter does not fill a sequence. */
  | { readonly kind: 'dead-letter-without-identity'; readonly reason: string }
  /** A readable event in a partition other than its own. */
  | { readonly kind: 'misplaced'; readonly event: SessionEvent }
  /** The message is from a newer version. The partition pauses until watmeter is upgraded. */
  | { readonly kind: 'newer-version'; readonly type: string };

/**
 * Decides what happens to one message, based on the content of the table (docs/explanation/delivery.md, section 5).
 * It records the decision in `state` and changes nothing else. The caller discards the state if the batch fails.
 *
 * @param partition stream partition that the sink stores, or undefined if it stores all of them.
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
  // The sequence belongs to another partition, where a readable event with this identity may still arrive.
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
  // If the identities differ, neither is proven, so the dead letter fills neither sequence. The events with these
  // identities can still be stored.
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
