import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import type { Failpoint } from '../../../src/platform/failpoints.ts';
import type { DeadLetter } from '../../dead-letter/dead-letter.ts';
import type { RepairFailpoint } from '../../declarations/failpoints.ts';
import type { EventStore } from '../../store/event-store.ts';
import { monthOf } from '../../store/stream-state.ts';
import { setOfSequences } from '../integrity/model/ranges.ts';
import type { IntegrityStore } from '../integrity/store/integrity-store.ts';
import { readEntry } from './journal-entry.ts';

export interface FillDeps {
  readonly store: Pick<IntegrityStore, 'rowsOf'>;
  /** Takes the partition from every sink and returns the store for its events. */
  readonly hold: (partition: number) => Promise<Pick<EventStore, 'encode' | 'insert' | 'insertDeadLetters'>>;
  readonly failpoint: Failpoint<RepairFailpoint>;
}

export interface FillOutcome {
  readonly filled: number;
  /** Number of unreadable entries that were stored as dead letters. */
  readonly putAside: number;
}

/**
 * Stores the journal entries of one producer and partition that have no row. No sink can write to the partition
 * between the exact look-up and the insert.
 *
 * @param months the months that may contain rows. The function adds the months of the stored events.
 */
export async function fillFrom(
  entries: readonly JournalEntry[],
  months: Set<number>,
  { store, hold, failpoint }: FillDeps,
): Promise<FillOutcome> {
  const [first] = entries;
  if (first === undefined) return { filled: 0, putAside: 0 };
  const target = await hold(first.partition);
  const absent = await absentOf(entries, months, store);
  const { events, letters } = contentOf(absent);
  if (events.length > 0) await target.insert(target.encode(events));
  if (letters.length > 0) await target.insertDeadLetters(letters);
  for (const { timeMs } of events) months.add(monthOf(timeMs));
  if (absent.length > 0) failpoint('repair.filled');
  return { filled: events.length, putAside: letters.length };
}

/**
 * Returns the entries that have no row, by reading rows instead of projections. All entries must have the same
 * producer and partition.
 */
async function absentOf(
  entries: readonly JournalEntry[],
  months: ReadonlySet<number>,
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<JournalEntry[]> {
  const [stream] = entries;
  if (stream === undefined) return [];
  const sequences = setOfSequences(entries.map(({ sequence }) => sequence));
  const rows = await store.rowsOf(stream, [...months], sequences);
  const stored = new Set(rows.map(({ event }) => event.sequence));
  return entries.filter(({ sequence }) => !stored.has(sequence));
}

function contentOf(entries: readonly JournalEntry[]): { events: SessionEvent[]; letters: DeadLetter[] } {
  const events: SessionEvent[] = [];
  const letters: DeadLetter[] = [];
  for (const content of entries.map(readEntry)) {
    if (content.kind === 'event') events.push(content.event);
    else if (content.kind === 'dead-letter') letters.push(content.letter);
  }
  return { events, letters };
}
