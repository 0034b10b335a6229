import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { stateKey } from '../../store/stream-state.ts';
import type { Inspection } from '../integrity/check.ts';
import { includes, type SequenceSet, setOf, setOfSequences } from '../integrity/model/ranges.ts';
import type { IntegrityStore } from '../integrity/store/integrity-store.ts';
import { groupByStream } from '../integrity/streams/streams.ts';
import { entriesOf, type ReachableJournal } from '../integrity/streams/survey.ts';
import { type FillDeps, type FillOutcome, fillFrom } from './fill.ts';
import type { RepairPlan } from './repair-plan.ts';

export interface RepairDeps extends FillDeps {
  readonly store: IntegrityStore;
  readonly journals: readonly ReachableJournal[];
}

export interface RepairOutcome extends FillOutcome {
  readonly removed: number;
}

/** Maximum number of events per insert of a repair. */
const entriesPerInsert = 10_000;

/**
 * Executes a plan: it removes surplus rows, then stores missing events. A repair can be interrupted at any point and
 * repeated, because it stores an event only after an exact look-up, while it owns the partition.
 */
export async function carryOut(
  plan: RepairPlan,
  { streams }: Pick<Inspection, 'streams'>,
  deps: RepairDeps,
): Promise<RepairOutcome> {
  const months = new Set(streams.flatMap((stream) => stream.months));
  const removed = await removeRows(plan, months, deps);
  return { removed, ...(await fillHoles(plan, months, deps)) };
}

/**
 * Removes the plan's surplus rows. A row stays if ClickHouse merges its part at the same time.
 *
 * @returns the number of removed rows.
 */
async function removeRows(
  plan: RepairPlan,
  months: ReadonlySet<number>,
  { store, failpoint }: RepairDeps,
): Promise<number> {
  if (plan.remove.length === 0) return 0;
  const before = await countRows(plan, months, store);
  await store.remove(plan.remove);
  failpoint('repair.removed');
  return before - (await countRows(plan, months, store));
}

/** Counts all rows of those events for which a plan removes rows. */
async function countRows(
  { remove }: RepairPlan,
  months: ReadonlySet<number>,
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<number> {
  let count = 0;
  for (const events of groupByStream(remove.map(({ event }) => event)).values()) {
    const sequences = setOfSequences(events.map(({ sequence }) => sequence));
    if (events[0] !== undefined) count += (await store.rowsOf(events[0], [...months], sequences)).length;
  }
  return count;
}

/**
 * Stores the plan's missing events from the journals.
 *
 * @param months the months that may contain rows. The function adds the months of the stored events.
 */
async function fillHoles(plan: RepairPlan, months: Set<number>, deps: RepairDeps): Promise<FillOutcome> {
  const wanted = wantedBy(plan);
  const total = { filled: 0, putAside: 0 };
  if (wanted.size === 0) return total;
  for (const journal of deps.journals)
    for await (const entries of entriesOf(journal, entriesPerInsert))
      for (const streamEntries of groupByStream(
        entries.filter((entry) => isWanted(wanted, entry)),
      ).values()) {
        const { filled, putAside } = await fillFrom(streamEntries, months, deps);
        total.filled += filled;
        total.putAside += putAside;
      }
  return total;
}

function wantedBy({ fill }: RepairPlan): Map<string, SequenceSet> {
  return new Map([...groupByStream(fill)].map(([key, ranges]) => [key, setOf(ranges)]));
}

function isWanted(wanted: ReadonlyMap<string, SequenceSet>, entry: JournalEntry): boolean {
  return includes(wanted.get(stateKey(entry.producer, entry.partition)) ?? [], entry.sequence);
}
