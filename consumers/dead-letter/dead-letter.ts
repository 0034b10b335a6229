import { createHash } from 'node:crypto';
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
  readonly body: string;
  readonly headers: string;
}

export function createDeadLetter(message: SourceMessage, source: string, reason: string): DeadLetter {
  const { identity, position, body, headers } = message;
  const digest = createHash('sha256').update(`${source} ${position} ${body}`).digest('hex').slice(0, 32);
  return {
    id: identity === undefined ? digest : `${identity.producer}/${identity.partition}/${identity.sequence}`,
    producer: identity?.producer ?? '',
    partition: identity?.partition ?? 0,
    sequence: identity?.sequence ?? 0,
    source,
    position,
    reason,
    body,
    headers,
  };
}
