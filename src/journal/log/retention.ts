import { summariseRecord } from './record.ts';
import type { RecordLog } from './store/record-log.ts';

export interface RetentionConfig {
  readonly keepMs: number;
  readonly limitBytes: number;
}

/**
 * Decides which records are removed. Records with an event that the reader has not acknowledged are never removed.
 */
export interface Retention {
  /** Records the reader's cursor and the current time, so that `plan` knows when events were acknowledged. */
  note(acknowledged: number, nowMs: number): void;
  /** Returns the positions of at most 64 records to remove with the next commit. */
  plan(acknowledged: number, nowMs: number): number[];
}

/** Above this share of `limitBytes`, acknowledged events are removed early, so that the journal can accept new ones. */
const pressureShare = 0.9;
const maxRecordsAtOnce = 64;
const samplesOverKeep = 100;

/**
 * Creates a retention policy that keeps acknowledged events for `keepMs`, as long as the journal has space. The age
 * of an event is the time since its acknowledgement. An event that waited two days during an outage is therefore kept
 * for as long as other events. A restart sets the age to 0.
 */
export function createRetention(
  config: RetentionConfig,
  log: Pick<RecordLog, 'recordsFrom' | 'usedBytes'>,
): Retention {
  const { keepMs, limitBytes } = config;
  const samples: { atMs: number; acknowledged: number }[] = [];
  let expiredBefore = 0;
  /** End position of the oldest record. No record can be removed before the reader has reached this position. */
  let oldestEnd = 0;

  function findExpired(nowMs: number): number {
    while (samples[0] !== undefined && samples[0].atMs <= nowMs - keepMs) {
      expiredBefore = samples[0].acknowledged;
      samples.shift();
    }
    return expiredBefore;
  }

  return {
    note(acknowledged, nowMs) {
      const newest = samples.at(-1);
      const dueMs = newest === undefined ? 0 : newest.atMs + keepMs / samplesOverKeep;
      if (nowMs >= dueMs && newest?.acknowledged !== acknowledged)
        samples.push({ atMs: nowMs, acknowledged });
    },
    plan(acknowledged, nowMs) {
      const isNearlyFull = log.usedBytes() > limitBytes * pressureShare;
      // The minimum matters after a rewind: the cursor is then before events whose retention has expired, and they
      // must not be removed.
      const removeBefore = isNearlyFull ? acknowledged : Math.min(acknowledged, findExpired(nowMs));
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
