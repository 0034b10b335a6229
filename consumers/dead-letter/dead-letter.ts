import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { EventIdentity } from '../../src/events/session-event.ts';
import type { SourceMessage } from '../sources/source.ts';

/** A message that nobody can read, kept with its bytes so that it can be replayed. */
export interface DeadLetter {
  /** By identity where there is one, else by place and content: the same letter again collapses into one. */
  readonly id: string;
  readonly producer: string;
  readonly partition: number;
  /** 0 where the message has no identity. */
  readonly sequence: number;
  readonly source: string;
  readonly position: number;
  readonly reason: string;
  /** The text, or the bytes in base64 where they are no text. */
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly headers: string;
}

/** A letter that stands at its message's place in the stream, where the message says one. */
export function createDeadLetter(message: SourceMessage, source: string, reason: string): DeadLetter {
  const { identity, position, headers } = message;
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

const besideName = 'watmeter-identity';

/**
 * A letter of a message whose headers contradict its body: it stands at no place of the stream, so that neither of
 * the two events it names can be taken for settled. What the headers said is kept among them.
 */
export function createNamelessLetter(message: SourceMessage, source: string, reason: string): DeadLetter {
  const { identity, ...nameless } = message;
  const letter = createDeadLetter({ ...nameless, identity: undefined }, source, reason);
  return identity === undefined
    ? letter
    : { ...letter, headers: JSON.stringify({ [besideName]: identity, headers: message.headers }) };
}

/** The identity that stood beside the body of a letter; undefined when none did. */
export function identityBeside({
  producer,
  partition,
  sequence,
  headers,
}: Pick<DeadLetter, 'producer' | 'partition' | 'sequence' | 'headers'>): EventIdentity | undefined {
  if (sequence > 0) return { producer, partition, sequence };
  try {
    return (JSON.parse(headers) as Record<string, EventIdentity> | null)?.[besideName];
  } catch {
    return undefined;
  }
}

/** A letter's bytes, as they were found. */
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
