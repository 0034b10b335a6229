import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import type { Failpoint } from '../../../src/platform/failpoints.ts';
import { createDeadLetter, type DeadLetter } from '../../dead-letter/dead-letter.ts';
import { isSameIdentity, readMessage } from '../../dead-letter/read-message.ts';
import type { EventStore } from '../../store/event-store.ts';
import { monthOf, stateKey } from '../../store/stream-state.ts';
import type { Inspection } from '../integrity/check.ts';
import { includes, type SequenceSet, setOf } from '../integrity/model/ranges.ts';
import type { IntegrityStore } from '../integrity/store/integrity-store.ts';
import { groupByStream } from '../integrity/streams/streams.ts';
import { entriesOf, type ReachableJournal } from '../integrity/streams/survey.ts';
import { type AcceptedEvents, identityKey, type RepairPlan } from './repair-plan.ts';

export interface RepairDeps {
  readonly store: IntegrityStore;
  /** Where events of a partition are stored: held against every sink from then on. */
  readonly hold: (partition: number) => Promise<Pick<EventStore, 'encode' | 'insert' | 'insertDeadLetters'>>;
  readonly journals: readonly ReachableJournal[];
  readonly failpoint: Failpoint;
}

export interface RepairOutcome {
  readonly removed: number;
  readonly filled: number;
  /** Entries that nobody can read: they stand as dead letters now. */
  readonly putAside: number;
}

/** Most events in one insert of a repair. */
const entriesAtOnce = 10_000;

/** The journals' events of all identities that a plan has to decide on. */
export async function acceptedOf(
  { doubled, differing }: Inspection,
  journals: readonly ReachableJournal[],
): Promise<AcceptedEvents> {
  const asked = new Set([...doubled.flat(), ...differing].map(({ event }) => identityKey(event)));
  const accepted = new Map<string, SessionEvent>();
  if (asked.size === 0) return accepted;
  for (const journal of journals)
    for await (const entries of entriesOf(journal))
      for (const entry of entries.filter((one) => asked.has(identityKey(one)))) {
        const read = readEntry(entry);
        if (read !== undefined && 'sessionId' in read) accepted.set(identityKey(entry), read);
      }
  return accepted;
}

/**
 * Carries a plan out: surplus rows first, then holes. Each step leaves a state in which doing all of it again is exact,
 * since an event is stored only after an exact look-up, under a partition that is held.
 */
export async function carryOut(
  plan: RepairPlan,
  { streams }: Pick<Inspection, 'streams'>,
  deps: RepairDeps,
): Promise<RepairOutcome> {
  const { store, hold, journals, failpoint } = deps;
  const wanted = wantedBy(plan);
  const months = new Set(streams.flatMap((stream) => stream.months));
  const outcome = { removed: 0, filled: 0, putAside: 0 };

  async function fill(entries: readonly JournalEntry[]): Promise<void> {
    const [first] = entries;
    if (first === undefined) return;
    const events = await hold(first.partition);
    const absent = await absentOf(entries, months, store);
    const read = absent.map(readEntry);
    const rows = read.filter((one): one is SessionEvent => one !== undefined && 'sessionId' in one);
    const letters = read.filter((one): one is DeadLetter => one !== undefined && 'reason' in one);
    if (rows.length > 0) await events.insert(events.encode(rows));
    if (letters.length > 0) await events.insertDeadLetters(letters);
    for (const { timeMs } of rows) months.add(monthOf(timeMs));
    outcome.filled += rows.length;
    outcome.putAside += letters.length;
    if (absent.length > 0) failpoint('repair.filled');
  }

  if (plan.remove.length > 0) {
    const before = await countRows(plan, months, store);
    await store.remove(plan.remove);
    failpoint('repair.removed');
    outcome.removed = before - (await countRows(plan, months, store));
  }
  for (const journal of wanted.size === 0 ? [] : journals)
    for await (const entries of entriesOf(journal, entriesAtOnce))
      for (const own of groupByStream(entries.filter((entry) => isWanted(wanted, entry))).values())
        await fill(own);
  return outcome;
}

/** Rows of all events of which a plan removes some. */
async function countRows(
  { remove }: RepairPlan,
  months: ReadonlySet<number>,
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<number> {
  let count = 0;
  for (const own of groupByStream(remove.map(({ event }) => event)).values()) {
    const sequences = setOf(own.map(({ sequence }) => ({ first: sequence, last: sequence })));
    if (own[0] !== undefined) count += (await store.rowsOf(own[0], [...months], sequences)).length;
  }
  return count;
}

/** Entries of one stream without a row: asked of the table itself, just before they are stored. */
async function absentOf(
  entries: readonly JournalEntry[],
  months: ReadonlySet<number>,
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<JournalEntry[]> {
  const [stream] = entries;
  if (stream === undefined) return [];
  const sequences = setOf(entries.map(({ sequence }) => ({ first: sequence, last: sequence })));
  const rows = await store.rowsOf(stream, [...months], sequences);
  const stored = new Set(rows.map(({ event }) => event.sequence));
  return entries.filter(({ sequence }) => !stored.has(sequence));
}

/** A row, or a dead letter; undefined for what must wait for an upgrade or contradicts its record. */
function readEntry(entry: JournalEntry): SessionEvent | DeadLetter | undefined {
  const { producer, partition, sequence, position, body } = entry;
  const decoded = readMessage({ body });
  if (decoded.kind === 'newer-version') return undefined;
  const identity = { producer, partition, sequence };
  if (decoded.kind === 'unreadable')
    return createDeadLetter({ position, identity, body, headers: '{}' }, 'journal', decoded.reason);
  return isSameIdentity(decoded.event, identity) ? decoded.event : undefined;
}

function wantedBy({ fill }: RepairPlan): Map<string, SequenceSet> {
  const streams = groupByStream(fill);
  return new Map([...streams].map(([key, ranges]) => [key, setOf(ranges)]));
}

function isWanted(wanted: ReadonlyMap<string, SequenceSet>, entry: JournalEntry): boolean {
  return includes(wanted.get(stateKey(entry.producer, entry.partition)) ?? [], entry.sequence);
}
