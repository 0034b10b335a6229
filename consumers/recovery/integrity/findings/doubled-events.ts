import { stateKey } from '../../../store/stream-state.ts';
import { setOf, sizeOf } from '../model/ranges.ts';
import { limitPerKind } from '../model/report.ts';
import type { IntegrityStore, PlacedRow } from '../store/integrity-store.ts';
import type { KnownStream } from '../streams/streams.ts';

export interface DoubledEvents {
  /** All rows of each event that has several. */
  readonly doubled: PlacedRow[][];
  readonly isCutShort: boolean;
}

/** Events with several rows. Only streams that have more rows than sequences are searched. */
export async function findDoubledEvents(
  streams: readonly KnownStream[],
  store: Pick<IntegrityStore, 'doubledSequences' | 'rowsOf'>,
): Promise<DoubledEvents> {
  const groups = new Map<string, PlacedRow[]>();
  let isCutShort = false;
  for (const { facts, months } of streams.filter(({ facts }) => facts.rows > sizeOf(facts.stored))) {
    const left = limitPerKind - groups.size;
    const sequences = left > 0 ? await store.doubledSequences(facts, months, left + 1) : [];
    if (left <= 0 || sequences.length > left) isCutShort = true;
    const ranges = setOf(sequences.slice(0, left).map((sequence) => ({ first: sequence, last: sequence })));
    for (const row of ranges.length === 0 ? [] : await store.rowsOf(facts, months, ranges)) {
      const key = `${stateKey(facts.producer, facts.partition)}/${row.event.sequence}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
  }
  return { doubled: [...groups.values()], isCutShort };
}
