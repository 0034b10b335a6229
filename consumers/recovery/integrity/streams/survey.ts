import type { JournalEntry, JournalReader } from '../../../../src/journal/log/journal.ts';
import { stateKey } from '../../../store/stream-state.ts';
import type { StreamName } from '../model/compare.ts';
import { type SequenceSet, setOf } from '../model/ranges.ts';

/** A journal that the check can read: the journal of this process, or one in a data directory. */
export interface ReachableJournal extends Pick<JournalReader, 'startPosition' | 'read'> {
  readonly name: string;
}

/** The events of one producer and partition in the journals. */
export interface JournalledStream extends StreamName {
  readonly acknowledged: SequenceSet;
  readonly pending: SequenceSet;
}

/**
 * Number of entries per read. Reads are synchronous, so a larger number would delay token exchanges in the same
 * process.
 */
const entriesPerRead = 2000;

/** Yields the entries of a journal in chunks, oldest first. The event loop runs between two chunks. */
export async function* entriesOf(
  journal: Pick<ReachableJournal, 'read'>,
  chunkSize = entriesPerRead,
): AsyncGenerator<readonly JournalEntry[]> {
  let position = 0;
  for (;;) {
    const entries = journal.read(position, chunkSize);
    if (entries.length > 0) yield entries;
    if (entries.length < chunkSize) return;
    position = (entries.at(-1)?.position ?? position) + 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Returns the sequences in the journals, by producer and partition. The sequences that the journal's reader (sink or
 * relay) has acknowledged are separate from the pending ones.
 */
export async function surveyJournals(
  journals: readonly ReachableJournal[],
): Promise<Map<string, JournalledStream>> {
  const streams = new Map<string, StreamBuilder>();
  for (const journal of journals) {
    // Entries before the cursor are stored, or sent to Kafka. The caller reads the table after this cursor, so the
    // table has every entry that the sink had stored.
    const cursor = journal.startPosition();
    for await (const entries of entriesOf(journal))
      for (const entry of entries)
        builderOf(streams, entry)[entry.position < cursor ? 'acknowledged' : 'pending'].add(entry.sequence);
  }
  return new Map([...streams].map(([key, builder]) => [key, buildStream(builder)]));
}

interface StreamBuilder extends StreamName {
  readonly acknowledged: RangeBuilder;
  readonly pending: RangeBuilder;
}

function builderOf(streams: Map<string, StreamBuilder>, { producer, partition }: StreamName): StreamBuilder {
  const key = stateKey(producer, partition);
  let stream = streams.get(key);
  if (stream === undefined) {
    stream = { producer, partition, acknowledged: createRangeBuilder(), pending: createRangeBuilder() };
    streams.set(key, stream);
  }
  return stream;
}

function buildStream({ producer, partition, acknowledged, pending }: StreamBuilder): JournalledStream {
  return { producer, partition, acknowledged: acknowledged.build(), pending: pending.build() };
}

interface RangeBuilder {
  add(sequence: number): void;
  build(): SequenceSet;
}

/**
 * Creates a builder that collects sequences as ranges. A journal contains its sequences in order, so nearly every
 * sequence extends the last range.
 */
function createRangeBuilder(): RangeBuilder {
  const ranges: { first: number; last: number }[] = [];
  return {
    add(sequence) {
      const last = ranges.at(-1);
      if (last !== undefined && sequence === last.last + 1) last.last = sequence;
      else ranges.push({ first: sequence, last: sequence });
    },
    build: () => setOf(ranges),
  };
}
