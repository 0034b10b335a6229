import { stateKey } from '../../../store/stream-state.ts';
import { setOfSequences, sizeOf } from '../model/ranges.ts';
import { limitPerKind } from '../model/report.ts';
import type { IntegrityStore, PlacedRow } from '../store/integrity-store.ts';
import type { KnownStream } from '../streams/streams.ts';

export interface DoubledEvents {
  /** All rows of each event that has several rows. */
  readonly doubled: PlacedRow[][];
  readonly isCutShort: boolean;
}

/**
 * Finds events with several rows. To do so, reads only those producers and partitions that have more rows than
 * distinct sequences.
 */
export async function findDoubledEvents(
  streams: readonly KnownStream[],
  store: Pick<IntegrityStore, 'doubledSequences' | 'rowsOf'>,
): Promise<DoubledEvents> {
  const groups = new Map<string, PlacedRow[]>();
  let isCutShort = false;
  for (const { facts, months } of streams.filter(({ facts }) => facts.rows > sizeOf(facts.stored))) {
    const limit = limitPerKind - groups.size;
    const sequences = limit > 0 ? await store.doubledSequences(facts, months, limit + 1) : [];
    if (limit <= 0 || sequences.length > limit) isCutShort = true;
    const ranges = setOfSequences(sequences.slice(0, limit));
    for (const row of ranges.length === 0 ? [] : await store.rowsOf(facts, months, ranges)) {
      const key = `${stateKey(facts.producer, facts.partition)}/${row.event.sequence}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
  }
  return { doubled: [...groups.values()], isCutShort };
}
