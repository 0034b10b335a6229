import type { JournalEntry, JournalReader } from './journal.ts';
import { decodeRecord, summariseRecord } from './record.ts';
import type { RecordLog } from './store/record-log.ts';

/** Reads at most `maxEntries` entries from a log, in order, starting at a position. */
export function readEntries(
  log: Pick<RecordLog, 'recordsFrom'>,
  fromPosition: number,
  maxEntries: number,
): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const { position, record } of log.recordsFrom(fromPosition)) {
    const { producer, events } = decodeRecord(record);
    for (let index = Math.max(0, fromPosition - position); index < events.length; index += 1) {
      if (entries.length === maxEntries) return entries;
      const event = events[index];
      if (event === undefined) continue;
      const { partition, sequence, timeMs, body } = event;
      entries.push({ position: position + index, producer, partition, sequence, timeMs, body });
    }
    if (entries.length === maxEntries) return entries;
  }
  return entries;
}

/** Returns the position that the next event will have. */
export function endOfLog(log: Pick<RecordLog, 'last' | 'cursor'>): number {
  const last = log.last();
  return last === undefined ? (log.cursor() ?? 1) : last.position + summariseRecord(last.record).count;
}

/** A read-only view of a journal. A gateway can write to the journal at the same time. */
export type JournalView = Pick<JournalReader, 'startPosition' | 'read'>;

/** Creates a read-only view of a log. */
export function createJournalView(log: Pick<RecordLog, 'recordsFrom' | 'cursor'>): JournalView {
  return {
    startPosition: () => log.cursor() ?? 0,
    read: (fromPosition, maxEntries) => readEntries(log, fromPosition, maxEntries),
  };
}
