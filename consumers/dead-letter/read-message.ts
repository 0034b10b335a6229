import { isUtf8 } from 'node:buffer';
import { type DecodedEvent, decodeSessionEvent } from '../../src/events/decode-session-event.ts';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { SourceMessage } from '../sources/source.ts';

/** Dead-letter reason: body and headers contain different event identities. */
export const identityMismatchReason = 'the identities in body and headers differ';

/** Dead-letter reason: the event arrived in a partition other than its own. */
export const misplacedReason = 'the event belongs to another partition';

/** Returns the dead-letter reason for a message that only a newer version of watmeter can decode. */
export function newerVersionReason(type: string): string {
  return `an event of type ${type} needs a newer watmeter`;
}

/**
 * Decodes the body of a message. A body that is not valid UTF-8 is unreadable, even if its lossy text looks
 * like an event: the decoded tags would differ from the tags that were sent.
 */
export function readMessage({ body, rawBody }: Pick<SourceMessage, 'body' | 'rawBody'>): DecodedEvent {
  if (rawBody !== undefined && !isUtf8(rawBody)) return { kind: 'unreadable', reason: 'not UTF-8' };
  return decodeSessionEvent(body);
}

/** Returns whether two identities are equal. */
export function isSameIdentity(one: EventIdentity, other: EventIdentity): boolean {
  return (
    one.producer === other.producer && one.partition === other.partition && one.sequence === other.sequence
  );
}
