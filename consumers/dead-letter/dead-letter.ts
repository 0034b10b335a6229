import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { SourceMessage } from '../sources/source.ts';
import { misplacedReason } from './read-message.ts';

/** A message that the sink cannot read, with everything that a replay needs. */
export interface DeadLetter {
  /** Derived from the identity, or from position and content if there is none: a repeated letter has the same id. */
  readonly id: string;
  readonly producer: string;
  readonly partition: number;
  /** 0 if the letter has no identity. */
  readonly sequence: number;
  readonly source: string;
  readonly position: number;
  readonly reason: string;
  /** The text, or the bytes in base64 if they are not valid UTF-8. */
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly headers: string;
}

/**
 * Returns the dead letter of a message. It takes the place of the message in the stream, if the message has an
 * identity.
 */
export function createDeadLetter(message: SourceMessage, source: string, reason: string): DeadLetter {
  return letterAt(message.identity, message, { source, reason, headers: message.headers });
}

const headerIdentityKey = 'watmeter-identity';

/**
 * Returns the dead letter of a message whose identity must not be trusted. It takes no place in the stream, so that
 * the event of that identity does not count as stored. The letter's headers keep the identity.
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
 * Returns the dead letter of an event that was found in another partition than its own. It takes the place of the
 * event in its own partition, and a replay can store the event there.
 */
export function createMisplacedLetter(
  message: SourceMessage,
  source: string,
  identity: EventIdentity,
): DeadLetter {
  return letterAt(identity, message, { source, reason: misplacedReason, headers: message.headers });
}

/** The members of the message are read one by one: a spread would leave out members that are getters. */
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

/** Returns the identity that the headers of a letter's message named, or undefined if they named none. */
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

/** Returns the bytes of a letter's message. */
export function bytesOf({ body, encoding }: Pick<DeadLetter, 'body' | 'encoding'>): Buffer {
  return Buffer.from(body, encoding);
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
