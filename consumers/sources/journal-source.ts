import type { JournalEntry, JournalReader } from '../../src/journal/log/journal.ts';
import type { Source, SourceMessage } from './source.ts';

/**
 * Creates the source for embedded mode. The sink reads the journal directly, and the journal stores the
 * cursor.
 */
export function createJournalSource(journal: JournalReader): Source {
  let nextPosition = journal.startPosition();
  return {
    name: 'journal',
    async read(max) {
      const entries = journal.read(nextPosition, max);
      nextPosition = (entries.at(-1)?.position ?? nextPosition - 1) + 1;
      return entries.map(toSourceMessage);
    },
    waitForMore: (timeoutMs) => journal.waitFor(nextPosition, timeoutMs),
    async hint(position) {
      journal.acknowledge(position + 1);
    },
    rewind() {
      nextPosition = journal.startPosition();
    },
  };
}

function toSourceMessage({ position, body, producer, partition, sequence }: JournalEntry): SourceMessage {
  return { position, identity: { producer, partition, sequence }, body, headers: '{}' };
}
