import { summariseRecord } from './record.ts';
import type { RecordLog } from './record-log.ts';

export interface TrimmingConfig {
  readonly keepMs: number;
  readonly limitBytes: number;
}

/** Decides which records may go: never one with an event that the reader has not acknowledged. */
export interface Trimming {
  /** Notes how far the reader was at an instant. */
  note(acknowledged: number, nowMs: number): void;
  /** Positions of records to remove with the next commit; a bounded number at a time. */
  plan(acknowledged: number, nowMs: number): number[];
}

/** Trimming begins here, so that kept events give way before new ones are refused. */
const pressureShare = 0.9;
const maxRecordsAtOnce = 64;
const samplesOverKeep = 100;

/**
 * What was acknowledged stays for `keepMs` more, as long as there is room. The age counts from the
 * acknowledgement, not from the event: what waited two days for its store is kept as long as the rest. After a
 * restart it counts from the start.
 */
export function createTrimming(
  config: TrimmingConfig,
  log: Pick<RecordLog, 'recordsFrom' | 'usedBytes'>,
): Trimming {
  const { keepMs, limitBytes } = config;
  const samples: { atMs: number; acknowledged: number }[] = [];
  let oldEnough = 0;
  /** The oldest record ends here: nothing can go before the reader is that far. */
  let oldestEnd = 0;

  function agedOut(nowMs: number): number {
    while (samples[0] !== undefined && samples[0].atMs <= nowMs - keepMs) {
      oldEnough = samples[0].acknowledged;
      samples.shift();
    }
    return oldEnough;
  }

  return {
    note(acknowledged, nowMs) {
      const newest = samples.at(-1);
      const dueMs = newest === undefined ? 0 : newest.atMs + keepMs / samplesOverKeep;
      if (nowMs >= dueMs && newest?.acknowledged !== acknowledged)
        samples.push({ atMs: nowMs, acknowledged });
    },
    plan(acknowledged, nowMs) {
      const crowded = log.usedBytes() > limitBytes * pressureShare;
      // A rewind takes back what was acknowledged long ago.
      const removeBefore = crowded ? acknowledged : Math.min(acknowledged, agedOut(nowMs));
      if (removeBefore < oldestEnd) return [];
      const positions: number[] = [];
      for (const { position, record } of log.recordsFrom(0)) {
        const end = position + summariseRecord(record).count;
        if (positions.length === 0) oldestEnd = end;
        if (end > removeBefore || positions.length === maxRecordsAtOnce) break;
        positions.push(position);
      }
      return positions;
    },
  };
}
