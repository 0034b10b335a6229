import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AuditEntry, AuditLog } from './audit.ts';

/** Lines of calls that come often: gathered, so that none of them waits for the store. */
export interface AuditNotes {
  /** Remembers it and returns at once; `flush` writes it. However often it comes, it is one line a flush. */
  note(entry: AuditEntry): void;
  /** Writes what was noted before this call; what cannot be written now is kept for the next time. */
  flush(): Promise<void>;
}

interface Noted {
  readonly entry: AuditEntry;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly times: number;
}

/** An outage of the store must not fill the memory: so many different lines wait, and no more. */
const maxWaiting = 10_000;

export function createAuditNotes(deps: { audit: Pick<AuditLog, 'record'>; clock: Clock }): AuditNotes {
  const { audit, clock } = deps;
  const writer = createBufferedWriter<Noted>({
    maxItems: maxWaiting,
    maxBatch: 1,
    keyOf: ({ entry }) => JSON.stringify(entry),
    merge: (older, newer) => ({ ...older, lastMs: newer.lastMs, times: older.times + newer.times }),
    async write(lines) {
      for (const noted of lines) await audit.record(toLine(noted));
    },
  });
  return {
    note(entry) {
      const nowMs = clock.nowMs();
      writer.add({ entry, firstMs: nowMs, lastMs: nowMs, times: 1 });
    },
    flush: writer.flush,
  };
}

function toLine({ entry, times, firstMs, lastMs }: Noted): AuditEntry {
  const [from, to] = [firstMs, lastMs].map((ms) => new Date(ms).toISOString());
  return { ...entry, details: { ...entry.details, times, from, to } };
}
