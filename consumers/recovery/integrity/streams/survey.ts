import type { JournalEntry, JournalReader } from '../../../../src/journal/log/journal.ts';
import type { SequenceRange } from '../../../store/stream-state.ts';
import { stateKey } from '../../../store/stream-state.ts';
import type { StreamName } from '../model/compare.ts';
import { type SequenceSet, setOf } from '../model/ranges.ts';

/** A journal that can be looked at: the process's own, or that of a data directory. */
export interface ReachableJournal extends Pick<JournalReader, 'startPosition' | 'read'> {
  readonly name: string;
}

/** What journals hold of a producer and partition. */
export interface JournalledStream extends StreamName {
  readonly goneOn: SequenceSet;
  readonly inJournal: SequenceSet;
}

/** Reads are synchronous: more would be felt by the exchanges of the same process. */
const entriesAtOnce = 2000;

/** Entries of a journal from its oldest on, some at a time, leaving room for others between (reads are synchronous). */
export async function* entriesOf(
  journal: Pick<ReachableJournal, 'read'>,
  atOnce = entriesAtOnce,
): AsyncGenerator<readonly JournalEntry[]> {
  let position = 0;
  for (;;) {
    const entries = journal.read(position, atOnce);
    if (entries.length > 0) yield entries;
    if (entries.length < atOnce) return;
    position = (entries.at(-1)?.position ?? position) + 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What the journals hold, by stream: which sequences, and which of them have gone on. */
export async function surveyJournals(
  journals: readonly ReachableJournal[],
): Promise<Map<string, JournalledStream>> {
  const found = new Map<string, StreamName & { goneOn: Stretches; inJournal: Stretches }>();
  for (const journal of journals) {
    // First: what lies before the cursor now had gone on before the table is read.
    const cursor = journal.startPosition();
    for await (const entries of entriesOf(journal))
      for (const { producer, partition, sequence, position } of entries) {
        const key = stateKey(producer, partition);
        let stream = found.get(key);
        if (stream === undefined) {
          stream = { producer, partition, goneOn: createStretches(), inJournal: createStretches() };
          found.set(key, stream);
        }
        stream[position < cursor ? 'goneOn' : 'inJournal'].add(sequence);
      }
  }
  return new Map(
    [...found].map(([key, { producer, partition, goneOn, inJournal }]) => [
      key,
      { producer, partition, goneOn: goneOn.set(), inJournal: inJournal.set() },
    ]),
  );
}

interface Stretches {
  add(sequence: number): void;
  set(): SequenceSet;
}

/** A journal holds its sequences in order: nearly always the last stretch only grows. */
function createStretches(): Stretches {
  const stretches: { first: number; last: number }[] = [];
  return {
    add(sequence) {
      const last = stretches.at(-1);
      if (last !== undefined && sequence === last.last + 1) last.last = sequence;
      else stretches.push({ first: sequence, last: sequence });
    },
    set: () => setOf(stretches satisfies SequenceRange[]),
  };
}
