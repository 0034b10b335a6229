import type { DecodedEvent } from '../../src/events/decode-session-event.ts';
import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import { contradictionReason, isSameIdentity } from '../dead-letter/read-message.ts';
import { isInHole, monthOf, noteSequence, producerStateOf, type StreamState } from '../store/stream-state.ts';

/** What becomes of a message. */
export type Decision =
  | { readonly kind: 'row'; readonly event: SessionEvent }
  | { readonly kind: 'duplicate' }
  /** It falls into a known hole below the mark: only an exact look-up can tell whether it is stored. */
  | { readonly kind: 'look-up'; readonly event: SessionEvent }
  | { readonly kind: 'dead-letter'; readonly reason: string; readonly isNameless?: boolean }
  /** A newer version: the partition waits here for an upgrade. */
  | { readonly kind: 'wait'; readonly type: string };

/**
 * Decides one message by what the table holds (docs/explanation/delivery.md, 5) and carries the state along. Pure but for
 * the state, which the caller throws away when the batch fails.
 */
export function decide(
  state: StreamState,
  decoded: DecodedEvent,
  beside: EventIdentity | undefined,
): Decision {
  if (decoded.kind === 'newer-version') return { kind: 'wait', type: decoded.type };
  if (decoded.kind === 'unreadable') {
    if (beside !== undefined)
      noteSequence(producerStateOf(state, beside.producer, beside.partition), beside.sequence);
    return { kind: 'dead-letter', reason: decoded.reason };
  }
  // It proves neither of its two identities: both places stay open for the events they belong to.
  if (beside !== undefined && !isSameIdentity(decoded.event, beside))
    return { kind: 'dead-letter', reason: contradictionReason, isNameless: true };
  return decideEvent(state, decoded.event);
}

function decideEvent(state: StreamState, event: SessionEvent): Decision {
  const known = producerStateOf(state, event.producer, event.partition);
  const month = monthOf(event.timeMs);
  const mark = known.marks.get(month) ?? 0;
  if (event.sequence <= mark)
    return { kind: isInHole(known, event.sequence) ? 'look-up' : 'duplicate', event };
  known.marks.set(month, event.sequence);
  noteSequence(known, event.sequence);
  return { kind: 'row', event };
}
