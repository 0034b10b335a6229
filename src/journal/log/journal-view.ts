import { readEntries } from './entries.ts';
import type { JournalReader } from './journal.ts';
import type { RecordLog } from './record-log.ts';

/** A journal that is only looked at, perhaps while a gateway writes it. */
export type JournalView = Pick<JournalReader, 'startPosition' | 'read'>;

export function createJournalView(log: Pick<RecordLog, 'recordsFrom' | 'cursor'>): JournalView {
  return {
    startPosition: () => log.cursor() ?? 0,
    read: (fromPosition, maxEntries) => readEntries(log, fromPosition, maxEntries),
  };
}
