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
  lastMs: number;
  times: number;
}

/** An outage of the store must not fill the memory: so many different lines wait, and no more. */
const maxWaiting = 10_000;

export function createAuditNotes(deps: { audit: Pick<AuditLog, 'record'>; clock: Clock }): AuditNotes {
  const { audit, clock } = deps;
  const waiting = new Map<string, Noted>();
  let flushing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    for (const [key, noted] of [...waiting]) {
      // Off the list before it is written: what is noted meanwhile is a line of its own.
      waiting.delete(key);
      try {
        await audit.record(toLine(noted));
      } catch (error) {
        putBack(key, noted);
        throw error;
      }
    }
  }

  function putBack(key: string, noted: Noted): void {
    const newer = waiting.get(key);
    waiting.set(key, {
      ...noted,
      lastMs: newer?.lastMs ?? noted.lastMs,
      times: noted.times + (newer?.times ?? 0),
    });
  }

  return {
    note(entry) {
      const nowMs = clock.nowMs();
      const key = JSON.stringify(entry);
      const before = waiting.get(key);
      if (before !== undefined) {
        before.times += 1;
        before.lastMs = nowMs;
      } else if (waiting.size < maxWaiting) {
        waiting.set(key, { entry, firstMs: nowMs, lastMs: nowMs, times: 1 });
      }
    },
    flush() {
      flushing = flushing.catch(() => undefined).then(write);
      return flushing;
    },
  };
}

function toLine({ entry, times, firstMs, lastMs }: Noted): AuditEntry {
  const [from, to] = [firstMs, lastMs].map((ms) => new Date(ms).toISOString());
  return { ...entry, details: { ...entry.details, times, from, to } };
}
