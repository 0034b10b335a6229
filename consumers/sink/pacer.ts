import { type LastInsert, pauseAfter } from './pacing.ts';
import type { PreparedBatch } from './prepare.ts';

/** Spaces the inserts of a sink so that rows accumulate between them. */
export interface Pacer {
  /** Forgets the start time of the last insert, so that the next insert starts without a pause. */
  restart(): void;
  /** Returns how many milliseconds remain until the next insert may start; 0 or less if it may start now. */
  remainingMs(): number;
  /** Records the size of a batch whose insert starts now, and the current time as the insert's start. */
  recordStart(batch: PreparedBatch): void;
  /** Records how long an insert took. */
  recordInsert(tookMs: number): void;
}

export interface PacerConfig {
  readonly maxRows: number;
  readonly lingerMs: number;
}

/** Creates a pacer that uses the intervals of `pauseAfter`. */
export function createPacer({ maxRows, lingerMs }: PacerConfig): Pacer {
  let startedMs = 0;
  let last: LastInsert = { rows: 0, isFull: false, gatheredMs: 1, tookMs: 0 };
  return {
    restart() {
      startedMs = 0;
    },
    remainingMs: () => startedMs + pauseAfter(last, lingerMs) - performance.now(),
    recordStart({ messageCount, rows, lastPosition }) {
      last = { ...last, isFull: messageCount === maxRows };
      if (lastPosition === undefined) return;
      const nowMs = performance.now();
      last = { ...last, rows: rows.count, gatheredMs: nowMs - startedMs };
      startedMs = nowMs;
    },
    recordInsert(tookMs) {
      last = { ...last, tookMs };
    },
  };
}
