/** Measurements of the last insert. */
export interface LastInsert {
  readonly rows: number;
  /** True if the batch was full, which means that there is a backlog. */
  readonly isFull: boolean;
  /** Time from the start of the previous insert to the start of this one. */
  readonly gatheredMs: number;
  readonly tookMs: number;
}

interface Pace {
  /** Least time between two inserts, as a multiple of the duration of one insert. */
  readonly insertDurations: number;
  /** Most time between two inserts, as a multiple of the linger. */
  readonly maxLingers: number;
}

/** An insert of few rows costs as much as one of many, so a busy machine inserts less often (docs/performance.md). */
const normalPace: Pace = { insertDurations: 8, maxLingers: 2 };
/** At a high rate one more second of delay matters little, and a third of the parts means a third of the work. */
const highRatePace: Pace = { insertDurations: 24, maxLingers: 5 };
const highRateRowsPerSecond = 1000;

/**
 * Returns the time in milliseconds from the start of one insert to the start of the next: the linger, more if inserts
 * are slow, and 0 while there is a backlog. Pure.
 */
export function pauseAfter(last: LastInsert, lingerMs: number): number {
  if (last.isFull) return 0;
  const isHighRate = last.rows * 1000 >= highRateRowsPerSecond * last.gatheredMs;
  const { insertDurations, maxLingers } = isHighRate ? highRatePace : normalPace;
  return Math.max(lingerMs, Math.min(last.tookMs * insertDurations, lingerMs * maxLingers));
}
