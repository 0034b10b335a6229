import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { createDeadLetter, type DeadLetter } from '../../dead-letter/dead-letter.ts';
import { isSameIdentity, readMessage } from '../../dead-letter/read-message.ts';

/** How a repair stores a journal entry: as an event, as a dead letter, or not at all. */
export type EntryContent =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }
  /**
   * The entry was written by a newer version, or its body contradicts the identity of its record. A repair
   * does not store it.
   */
  | { readonly kind: 'not-storable' };

/** Decodes the body of a journal entry. */
export function readEntry({ producer, partition, sequence, position, body }: JournalEntry): EntryContent {
  const identity = { producer, partition, sequence };
  const decoded = readMessage({ body });
  switch (decoded.kind) {
    case 'newer-version':
      return { kind: 'not-storable' };
    case 'unreadable': {
      const message = { position, identity, body, headers: '{}' };
      return { kind: 'dead-letter', letter: createDeadLetter(message, 'journal', decoded.reason) };
    }
    case 'event':
      return isSameIdentity(decoded.event, identity) ? decoded : { kind: 'not-storable' };
    default:
      return decoded satisfies never;
  }
}
