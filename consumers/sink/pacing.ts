/** Measurements of the previous insert. */
export interface LastInsert {
  readonly rows: number;
  /** True if the batch was full, which means that the sink is behind. */
  readonly isFull: boolean;
  /** Time between the start of the previous insert and the start of this one. */
  readonly gatheredMs: number;
  readonly tookMs: number;
}

interface Pace {
  /** Minimum time between two inserts, as a multiple of the duration of one insert. */
  readonly insertDurations: number;
  /** Maximum time between two inserts, as a multiple of the linger. */
  readonly maxLingers: number;
}

/**
 * Pace below 1,000 rows per second. A small insert costs as much as a large one, so a busy machine inserts less often
 * (docs/performance.md).
 */
const normalPace: Pace = { insertDurations: 8, maxLingers: 2 };
/**
 * Pace from 1,000 rows per second. A third of the inserts creates a third of the table parts and costs a third of the
 * work, which is worth the additional delay.
 */
const highRatePace: Pace = { insertDurations: 24, maxLingers: 5 };
const highRateRowsPerSecond = 1000;

/**
 * Returns the time in milliseconds from the start of one insert to the start of the next: the linger, more if
 * inserts are slow, and 0 while the sink is behind. Pure.
 */
export function pauseAfter(last: LastInsert, lingerMs: number): number {
  if (last.isFull) return 0;
  const isHighRate = last.rows * 1000 >= highRateRowsPerSecond * last.gatheredMs;
  const { insertDurations, maxLingers } = isHighRate ? highRatePace : normalPace;
  return Math.max(lingerMs, Math.min(last.tookMs * insertDurations, lingerMs * maxLingers));
}
