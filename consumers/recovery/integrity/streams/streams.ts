import { stateKey } from '../../../store/stream-state.ts';
import type { StreamFacts, StreamName } from '../model/compare.ts';
import { type SequenceSet, setOf, setUpTo } from '../model/ranges.ts';
import type { IntegrityStore, StreamMonth } from '../store/integrity-store.ts';
import type { JournalledStream } from './survey.ts';

/** A stream (one producer in one partition), and the months in which it has rows. */
export interface KnownStream {
  readonly facts: StreamFacts;
  readonly months: readonly number[];
}

type StreamReader = Pick<IntegrityStore, 'sequencesOf' | 'letters'>;

/**
 * Collects the facts about every stream (one producer in one partition) from the counts per month. Single rows of a
 * stream are read only if the stream is irregular (see `isRegular`).
 */
export async function gatherStreams(
  lines: readonly StreamMonth[],
  journals: ReadonlyMap<string, JournalledStream>,
  store: StreamReader,
): Promise<KnownStream[]> {
  const months = groupByStream(lines);
  const letters = groupByStream(await store.letters());
  const names = new Map<string, StreamName>();
  for (const [key, { producer, partition }] of [...journals, ...firstOfEach(months), ...firstOfEach(letters)])
    names.set(key, { producer, partition });

  const streams: KnownStream[] = [];
  for (const [key, name] of [...names].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const lines = months.get(key) ?? [];
    const { acknowledged = [], pending = [] } = journals.get(key) ?? {};
    const rows = lines.reduce((sum, line) => sum + line.rows, 0);
    const stored = await storedSequences(name, lines, store);
    const facts = { ...name, rows, stored, letters: setOf(letters.get(key) ?? []), acknowledged, pending };
    streams.push({ facts, months: lines.map(({ month }) => month) });
  }
  return streams;
}

async function storedSequences(
  name: StreamName,
  months: readonly StreamMonth[],
  store: StreamReader,
): Promise<SequenceSet> {
  if (isRegular(months)) return setUpTo(Math.max(0, ...months.map(({ highest }) => highest)));
  return store.sequencesOf(
    name,
    months.map(({ month }) => month),
  );
}

/**
 * Returns whether the counts per month prove that a stream contains every sequence from 1 to its highest exactly
 * once. They prove it if the number of distinct sequences equals the highest sequence, no sequence is below 1, and
 * the sequence ranges of the months do not overlap. If the ranges overlapped, an event could have rows in two months.
 */
export function isRegular(months: readonly StreamMonth[]): boolean {
  const inOrder = months.toSorted((one, other) => one.lowest - other.lowest);
  const areDisjoint = inOrder.every((line, index) => line.lowest > (inOrder[index - 1]?.highest ?? 0));
  const areDistinct = months.every(({ rows, distinct = rows }) => rows === distinct);
  const count = months.reduce((sum, { rows }) => sum + rows, 0);
  return areDisjoint && areDistinct && count === (inOrder.at(-1)?.highest ?? 0);
}

/** Returns the months in which any stream has rows, sorted. */
export function monthsIn(lines: readonly StreamMonth[]): number[] {
  return [...new Set(lines.map(({ month }) => month))].sort((one, other) => one - other);
}

/** Groups items by the key of their stream. */
export function groupByStream<T extends StreamName>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = stateKey(item.producer, item.partition);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function firstOfEach<T extends StreamName>(groups: ReadonlyMap<string, readonly T[]>): [string, T][] {
  return [...groups].flatMap(([key, [first]]) => (first === undefined ? [] : [[key, first] as [string, T]]));
}
