import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AuditEntry, AuditLog } from './audit.ts';

/** Buffers audit entries of frequent requests, so that these requests do not wait for the store. */
export interface AuditBuffer {
  /** Buffers an entry and returns immediately. `flush` writes equal entries as one entry with their count. */
  note(entry: AuditEntry): void;
  /** Writes all entries buffered before this call. If the write fails, they stay buffered for the next flush. */
  flush(): Promise<void>;
}

interface BufferedEntry {
  readonly entry: AuditEntry;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly times: number;
}

/** Maximum number of distinct buffered entries, so that a store outage does not fill the memory. */
const maxWaiting = 10_000;

/** Creates a buffer in front of the audit log. */
export function createAuditBuffer(deps: { audit: Pick<AuditLog, 'record'>; clock: Clock }): AuditBuffer {
  const { audit, clock } = deps;
  const writer = createBufferedWriter<BufferedEntry>({
    maxItems: maxWaiting,
    maxBatch: 1,
    keyOf: ({ entry }) => JSON.stringify(entry),
    merge: (older, newer) => ({ ...older, lastMs: newer.lastMs, times: older.times + newer.times }),
    async write(lines) {
      for (const line of lines) await audit.record(toLine(line));
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

function toLine({ entry, times, firstMs, lastMs }: BufferedEntry): AuditEntry {
  const [from, to] = [firstMs, lastMs].map((ms) => new Date(ms).toISOString());
  return { ...entry, details: { ...entry.details, times, from, to } };
}
