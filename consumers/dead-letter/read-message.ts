import { isUtf8 } from 'node:buffer';
import { type DecodedEvent, decodeSessionEvent } from '../../src/events/decode-session-event.ts';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { SourceMessage } from '../sources/source.ts';

/** Reason of a dead letter whose body and headers name different events. */
export const identityMismatchReason = 'the identities in body and headers differ';

/** Reason of a dead letter whose event was found in another partition than its own. */
export const misplacedReason = 'the event belongs to another partition';

/** Returns the reason of a dead letter that only a newer version of watmeter can read. */
export function newerVersionReason(type: string): string {
  return `an event of type ${type} needs a newer watmeter`;
}

/**
 * Decodes the body of a message. Bytes that are not valid UTF-8 are unreadable, even if their lossy text looks like an
 * event: its tags would differ from the ones that were sent.
 */
export function readMessage({ body, rawBody }: Pick<SourceMessage, 'body' | 'rawBody'>): DecodedEvent {
  if (rawBody !== undefined && !isUtf8(rawBody)) return { kind: 'unreadable', reason: 'not UTF-8' };
  return decodeSessionEvent(body);
}

/** Returns whether two identities name the same event. */
export function isSameIdentity(one: EventIdentity, other: EventIdentity): boolean {
  return (
    one.producer === other.producer && one.partition === other.partition && one.sequence === other.sequence
  );
}
