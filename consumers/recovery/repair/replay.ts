import { isUtf8 } from 'node:buffer';
import type { DecodedEvent } from '../../../src/events/decode-session-event.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { Failpoint } from '../../../src/platform/failpoints.ts';
import { bytesOf, type DeadLetter, headerIdentityOf } from '../../dead-letter/dead-letter.ts';
import type { DeadLetterStore } from '../../dead-letter/dead-letter-store.ts';
import { identityMismatchReason, isSameIdentity, readMessage } from '../../dead-letter/read-message.ts';
import type { EventStore } from '../../store/event-store.ts';

/** What became of a letter. */
export type ReplayOutcome =
  | { readonly id: string; readonly kind: 'stored' | 'already-stored' | 'already-replayed' | 'unknown' }
  | { readonly id: string; readonly kind: 'stays'; readonly reason: string };

export interface ReplayDeps {
  readonly letters: DeadLetterStore;
  /** Where events of a partition are stored: held against every sink from then on. */
  readonly hold: (partition: number) => Promise<Pick<EventStore, 'encode' | 'insert' | 'absentOf'>>;
  readonly failpoint: Failpoint;
}

/**
 * Reads a letter again, with this version's decoder, and makes it a row unless its event is stored already. The row
 * comes first and the note that it was replayed after it: whenever this is cut short, doing it again is exact;
 * and a replayed letter whose row was lost becomes a row again.
 */
export async function replayLetter(id: string, deps: ReplayDeps): Promise<ReplayOutcome> {
  const { letters, hold, failpoint } = deps;
  const letter = await letters.find(id);
  if (letter === undefined) return { id, kind: 'unknown' };
  const read = readLetter(letter);
  if (typeof read === 'string') return { id, kind: 'stays', reason: read };
  const events = await hold(read.partition);
  const absent = await events.absentOf([read]);
  const isStored = absent.length === 0;
  if (isStored && letter.replayedAtMs !== undefined) return { id, kind: 'already-replayed' };
  if (!isStored) await events.insert(events.encode(absent));
  failpoint('replay.stored');
  await letters.markReplayed([id]);
  return { id, kind: isStored ? 'already-stored' : 'stored' };
}

/** The event of a letter, or why it still cannot be read. */
export function readLetter(letter: DeadLetter): SessionEvent | string {
  const decoded = decode(letter);
  if (decoded.kind === 'unreadable') return decoded.reason;
  if (decoded.kind === 'newer-version') return `an event of type ${decoded.type} needs a newer watmeter`;
  const beside = headerIdentityOf(letter);
  const contradicts = beside !== undefined && !isSameIdentity(decoded.event, beside);
  return contradicts ? identityMismatchReason : decoded.event;
}

function decode(letter: DeadLetter): DecodedEvent {
  const rawBody = bytesOf(letter);
  return readMessage({ rawBody, body: isUtf8(rawBody) ? rawBody.toString('utf8') : '' });
}
