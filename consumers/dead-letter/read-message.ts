import { isUtf8 } from 'node:buffer';
import { type DecodedEvent, decodeSessionEvent } from '../../src/events/decode-session-event.ts';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { SourceMessage } from '../sources/source.ts';

/** Why a message is put aside whose body and headers name two different events. */
export const contradictionReason = 'the identities in body and headers differ';

/**
 * Reads a message's body. Bytes that are not UTF-8 are unreadable, even where their text with replacement
 * characters would pass for an event: its tags would not be the ones that were sent.
 */
export function readMessage({ body, rawBody }: Pick<SourceMessage, 'body' | 'rawBody'>): DecodedEvent {
  if (rawBody !== undefined && !isUtf8(rawBody)) return { kind: 'unreadable', reason: 'not UTF-8' };
  return decodeSessionEvent(body);
}

export function isSameIdentity(one: EventIdentity, other: EventIdentity): boolean {
  return (
    one.producer === other.producer && one.partition === other.partition && one.sequence === other.sequence
  );
}
