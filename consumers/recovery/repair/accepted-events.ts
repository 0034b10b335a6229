import type { SessionEvent } from '../../../src/events/session-event.ts';
import { identityKey } from '../../store/stream-state.ts';
import type { Inspection } from '../integrity/check.ts';
import { entriesOf, type ReachableJournal } from '../integrity/streams/survey.ts';
import { readEntry } from './journal-entry.ts';
import type { AcceptedEvents } from './repair-plan.ts';

/**
 * Reads from the journals the accepted events that a repair plan needs: those that have several rows, or a row that
 * differs from its journal entry.
 */
export async function acceptedOf(
  { doubled, differing }: Pick<Inspection, 'doubled' | 'differing'>,
  journals: readonly ReachableJournal[],
): Promise<AcceptedEvents> {
  const wanted = new Set([...doubled.flat(), ...differing].map(({ event }) => identityKey(event)));
  const accepted = new Map<string, SessionEvent>();
  if (wanted.size === 0) return accepted;
  for (const journal of journals)
    for await (const entries of entriesOf(journal))
      for (const entry of entries.filter((candidate) => wanted.has(identityKey(candidate)))) {
        const content = readEntry(entry);
        if (content.kind === 'event') accepted.set(identityKey(entry), content.event);
      }
  return accepted;
}
