import { stateKey } from '../../../store/stream-state.ts';
import type { StreamFacts, StreamName } from '../model/compare.ts';
import { setOf } from '../model/ranges.ts';
import type { IntegrityStore, StreamMonth } from '../store/integrity-store.ts';
import type { JournalledStream } from './survey.ts';

/** A stream with the months in which it has rows. */
export interface KnownStream {
  readonly facts: StreamFacts;
  readonly months: readonly number[];
}

/**
 * What is known of every stream, from the counts of its months. Only an irregular one is read row by row: one whose
 * counts do not prove that it holds 1, 2, 3 ... up to its highest sequence, each once.
 */
export async function gatherStreams(
  lines: readonly StreamMonth[],
  journals: ReadonlyMap<string, JournalledStream>,
  store: Pick<IntegrityStore, 'sequencesOf' | 'letters'>,
): Promise<KnownStream[]> {
  const months = groupByStream(lines);
  const letters = groupByStream(await store.letters());
  const names = new Map<string, StreamName>();
  for (const [key, { producer, partition }] of [...journals, ...firstsOf(months), ...firstsOf(letters)])
    names.set(key, { producer, partition });

  const streams: KnownStream[] = [];
  for (const [key, name] of [...names].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const own = months.get(key) ?? [];
    const monthNumbers = own.map(({ month }) => month);
    const highest = Math.max(0, ...own.map((line) => line.highest));
    const stored = isRegular(own)
      ? setOf([{ first: 1, last: highest }])
      : await store.sequencesOf(name, monthNumbers);
    const { goneOn = [], inJournal = [] } = journals.get(key) ?? {};
    const rows = own.reduce((sum, line) => sum + line.rows, 0);
    const facts = { ...name, rows, stored, letters: setOf(letters.get(key) ?? []), goneOn, inJournal };
    streams.push({ facts, months: monthNumbers });
  }
  return streams;
}

/**
 * Whether the counts of its months prove a stream to be 1 ... highest, each once: as many different ones as that, none
 * below 1, and no month reaching into another (where it could repeat an event).
 */
export function isRegular(months: readonly StreamMonth[]): boolean {
  const inOrder = months.toSorted((one, other) => one.lowest - other.lowest);
  const apart = inOrder.every((line, index) => line.lowest > (inOrder[index - 1]?.highest ?? 0));
  const once = months.every(({ rows, distinct = rows }) => rows === distinct);
  const count = months.reduce((sum, { rows }) => sum + rows, 0);
  return apart && once && count === (inOrder.at(-1)?.highest ?? 0);
}

/** Items by the stream they belong to, under its key. */
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

function firstsOf<T extends StreamName>(groups: ReadonlyMap<string, readonly T[]>): [string, T][] {
  return [...groups].flatMap(([key, [first]]) => (first === undefined ? [] : [[key, first] as [string, T]]));
}
