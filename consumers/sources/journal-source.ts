import type { JournalReader } from '../../src/journal/log/journal.ts';
import type { Source } from './source.ts';

/** Embedded mode: the journal feeds the sink. The journal's cursor is the hint. */
export function createJournalSource(journal: JournalReader): Source {
  let next = journal.startPosition();
  return {
    name: 'journal',
    async read(max) {
      const entries = journal.read(next, max);
      next = (entries.at(-1)?.position ?? next - 1) + 1;
      return entries.map((entry) => ({
        position: entry.position,
        identity: entry,
        body: entry.body,
        headers: '{}',
      }));
    },
    waitForMore: (timeoutMs) => journal.waitFor(next, timeoutMs),
    async hint(position) {
      journal.acknowledge(position + 1);
    },
    rewind() {
      next = journal.startPosition();
    },
  };
}
