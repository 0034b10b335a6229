import { isUtf8 } from 'node:buffer';
import type { DecodedEvent } from '../../../src/events/decode-session-event.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { Failpoint } from '../../../src/platform/failpoints.ts';
import { bytesOf, type DeadLetter, headerIdentityOf } from '../../dead-letter/dead-letter.ts';
import type { DeadLetterStore } from '../../dead-letter/dead-letter-store.ts';
import {
  identityMismatchReason,
  isSameIdentity,
  newerVersionReason,
  readMessage,
} from '../../dead-letter/read-message.ts';
import type { RepairFailpoint } from '../../declarations/failpoints.ts';
import type { EventStore } from '../../store/event-store.ts';

/** Result of replaying a dead letter. */
export type ReplayOutcome =
  | { readonly id: string; readonly kind: 'stored' | 'already-stored' | 'already-replayed' | 'unknown' }
  | { readonly id: string; readonly kind: 'stays'; readonly reason: string };

export interface ReplayDeps {
  readonly letters: DeadLetterStore;
  /** Takes the partition from every sink and returns the store for its events. */
  readonly hold: (partition: number) => Promise<Pick<EventStore, 'encode' | 'insert' | 'absentOf'>>;
  readonly failpoint: Failpoint<RepairFailpoint>;
}

/**
 * Decodes a dead letter with the decoder of this version, and stores its event unless the event is already stored.
 * The dead letter is marked as replayed after the row is stored, so an interrupted replay can be repeated. If the row
 * of a replayed dead letter was lost, another replay stores it again.
 */
export async function replayLetter(id: string, deps: ReplayDeps): Promise<ReplayOutcome> {
  const { letters, hold, failpoint } = deps;
  const letter = await letters.find(id);
  if (letter === undefined) return { id, kind: 'unknown' };
  const content = readLetter(letter);
  if (content.kind === 'unreadable') return { id, kind: 'stays', reason: content.reason };
  const target = await hold(content.event.partition);
  const absent = await target.absentOf([content.event]);
  const isStored = absent.length === 0;
  if (isStored && letter.replayedAtMs !== undefined) return { id, kind: 'already-replayed' };
  if (!isStored) await target.insert(target.encode(absent));
  failpoint('replay.stored');
  await letters.markReplayed([id]);
  return { id, kind: isStored ? 'already-stored' : 'stored' };
}

/** The event in a dead letter, or the reason why this version cannot decode it. */
export type LetterContent =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Decodes a dead letter with the decoder of this version. */
export function readLetter(letter: DeadLetter): LetterContent {
  const decoded = decode(letter);
  switch (decoded.kind) {
    case 'unreadable':
      return decoded;
    case 'newer-version':
      return { kind: 'unreadable', reason: newerVersionReason(decoded.type) };
    case 'event':
      return isContradicted(letter, decoded.event)
        ? { kind: 'unreadable', reason: identityMismatchReason }
        : decoded;
    default:
      return decoded satisfies never;
  }
}

function isContradicted(letter: DeadLetter, event: SessionEvent): boolean {
  const headerIdentity = headerIdentityOf(letter);
  return headerIdentity !== undefined && !isSameIdentity(event, headerIdentity);
}

function decode(letter: DeadLetter): DecodedEvent {
  const rawBody = bytesOf(letter);
  return readMessage({ rawBody, body: isUtf8(rawBody) ? rawBody.toString('utf8') : '' });
}
