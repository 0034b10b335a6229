import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EndedProducer } from './journal.ts';
import { streamsOfRecord } from './record.ts';
import type { RecordLog } from './store/record-log.ts';

const recordsPerTurn = 64;

/**
 * Returns the producers of all records before a position. It reads only the heads of the events. Other work can run
 * in between.
 */
export async function readEndedProducers(
  log: Pick<RecordLog, 'recordsFrom'>,
  endPosition: number,
): Promise<EndedProducer[]> {
  const found = new Map<string, { sequences: Map<number, number>; endPosition: number }>();
  let position = 0;
  for (let isMore = true; isMore; ) {
    isMore = false;
    let read = 0;
    for (const logged of log.recordsFrom(position)) {
      if (logged.position >= endPosition) break;
      const { producer, count, sequences } = streamsOfRecord(logged.record);
      position = logged.position + count;
      const known = found.get(producer)?.sequences ?? new Map<number, number>();
      found.set(producer, { sequences: known, endPosition: position });
      for (const [partition, sequence] of sequences) known.set(partition, sequence);
      read += 1;
      isMore = read === recordsPerTurn;
      if (isMore) break;
    }
    await nextTurn();
  }
  return [...found].map(([producer, known]) => ({ producer, ...known }));
}
