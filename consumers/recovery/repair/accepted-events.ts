import type { SessionEvent } from '../../../src/events/session-event.ts';
import { identityKey } from '../../store/stream-state.ts';
import type { Inspection } from '../integrity/check.ts';
import type { IntegrityStore } from '../integrity/store/integrity-store.ts';
import { entriesOf, type ReachableJournal } from '../integrity/streams/survey.ts';
import { readEntry } from './journal-entry.ts';
import type { AcceptedEvents } from './repair-plan.ts';

/**
 * Reads from the journals the accepted events that a repair plan needs: those that have several rows, or a row that
 * differs from its journal entry.
 */
export async function acceptedOf(
  { doubled, differing }: Pick<Inspection, 'doubled' | 'differing'>,
  { journals, store }: { journals: readonly ReachableJournal[]; store: Pick<IntegrityStore, 'replacer'> },
): Promise<AcceptedEvents> {
  const wanted = new Set([...doubled.flat(), ...differing].map(({ event }) => identityKey(event)));
  const accepted = new Map<string, SessionEvent>();
  if (wanted.size === 0) return accepted;
  const replacer = await store.replacer();
  for (const journal of journals)
    for await (const entries of entriesOf(journal))
      for (const entry of entries.filter((candidate) => wanted.has(identityKey(candidate)))) {
        const content = readEntry(entry);
        if (content.kind === 'event') accepted.set(identityKey(entry), replacer.event(content.event));
      }
  return accepted;
}
