import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { ViewerReplacer } from '../../src/events/viewer-replacement.ts';
import type { SourceMessage } from '../sources/source.ts';
import { misplacedReason } from './read-message.ts';

/** A message that the sink cannot decode, with everything that a replay needs. */
export interface DeadLetter {
  /**
   * Id that is derived from the event identity, or from position and content if the message has no identity. The same
   * message always gets the same id.
   */
  readonly id: string;
  readonly producer: string;
  readonly partition: number;
  /** 0 if the dead letter has no event identity. */
  readonly sequence: number;
  readonly source: string;
  readonly position: number;
  readonly reason: string;
  /** The body as text, or in base64 if its bytes are not valid UTF-8. */
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly headers: string;
}

/**
 * Creates the dead letter of a message. If the message has an event identity, the dead letter fills the sequence of
 * this identity: the sequence no longer counts as missing.
 */
export function createDeadLetter(message: SourceMessage, source: string, reason: string): DeadLetter {
  return letterAt(message.identity, message, { source, reason, headers: message.headers });
}

const headerIdentityKey = 'watmeter-identity';

/**
 * Creates the dead letter of a message whose event identity cannot be trusted. The dead letter keeps the identity in
 * its headers and does not fill the sequence, so the event with this identity can still be stored.
 */
export function createDeadLetterWithoutIdentity(
  message: SourceMessage,
  source: string,
  reason: string,
): DeadLetter {
  const { identity, headers } = message;
  const letterHeaders =
    identity === undefined ? headers : JSON.stringify({ [headerIdentityKey]: identity, headers });
  return letterAt(undefined, message, { source, reason, headers: letterHeaders });
}

/**
 * Creates the dead letter of an event that arrived in the wrong partition. The dead letter fills the event's sequence
 * in the event's own partition, and a replay can store the event there.
 */
export function createMisplacedLetter(
  message: SourceMessage,
  source: string,
  identity: EventIdentity,
): DeadLetter {
  return letterAt(identity, message, { source, reason: misplacedReason, headers: message.headers });
}

/**
 * Creates a dead letter. Reads the members of the message by name, because a spread of the message would omit members
 * that are getters.
 */
function letterAt(
  identity: EventIdentity | undefined,
  message: SourceMessage,
  { source, reason, headers }: Pick<DeadLetter, 'source' | 'reason' | 'headers'>,
): DeadLetter {
  const { position } = message;
  const content = contentOf(message);
  return {
    id: identity === undefined ? digestOf(source, position, content.body) : idOf(identity),
    producer: identity?.producer ?? '',
    partition: identity?.partition ?? 0,
    sequence: identity?.sequence ?? 0,
    source,
    position,
    reason,
    ...content,
    headers,
  };
}

/**
 * Returns the event identity of a dead letter's message, or undefined if the message has none. A dead letter that
 * does not fill a sequence keeps the identity in its headers.
 */
export function headerIdentityOf({
  producer,
  partition,
  sequence,
  headers,
}: Pick<DeadLetter, 'producer' | 'partition' | 'sequence' | 'headers'>): EventIdentity | undefined {
  if (sequence > 0) return { producer, partition, sequence };
  try {
    return (JSON.parse(headers) as Record<string, EventIdentity> | null)?.[headerIdentityKey];
  } catch {
    return undefined;
  }
}

/** Returns the body of a dead letter's message as bytes. */
export function bytesOf({ body, encoding }: Pick<DeadLetter, 'body' | 'encoding'>): Buffer {
  return Buffer.from(body, encoding);
}

/** Returns the dead letters with the pseudonyms of forgotten viewers in their bodies replaced. */
export function withReplacedViewers(letters: readonly DeadLetter[], { text }: ViewerReplacer): DeadLetter[] {
  return letters.map((letter) => {
    if (letter.encoding === 'utf-8') return { ...letter, body: text(letter.body) };
    const bytes = Buffer.from(letter.body, 'base64').toString('latin1');
    return { ...letter, body: Buffer.from(text(bytes), 'latin1').toString('base64') };
  });
}

function contentOf({ body, rawBody }: SourceMessage): Pick<DeadLetter, 'body' | 'encoding'> {
  if (rawBody === undefined || isUtf8(rawBody)) return { body, encoding: 'utf-8' };
  return { body: Buffer.from(rawBody).toString('base64'), encoding: 'base64' };
}

function idOf({ producer, partition, sequence }: EventIdentity): string {
  return `${producer}/${partition}/${sequence}`;
}

function digestOf(source: string, position: number, body: string): string {
  return createHash('sha256').update(`${source} ${position} ${body}`).digest('hex').slice(0, 32);
}
