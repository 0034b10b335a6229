/** What the sink knows of the insert that it began last. */
export interface LastInsert {
  readonly rows: number;
  /** A full batch means a backlog. */
  readonly isFull: boolean;
  /** From the beginning of the one before to its own. */
  readonly gatheredMs: number;
  readonly tookMs: number;
}

interface Pace {
  /** Time between two inserts, in times of how long one takes: the inverse of their share of the time. */
  readonly perInsert: number;
  /** Within so many times the linger. */
  readonly mostLingers: number;
}

/** An insert of few rows costs as much as one of many: a busy machine has better to do (docs/performance.md). */
const usual: Pace = { perInsert: 8, mostLingers: 2 };
/** Where many rows come, a second more says little, and a third of the parts is a third of the work. */
const busy: Pace = { perInsert: 24, mostLingers: 5 };
const busyRowsPerSecond = 1000;

/**
 * How long to wait from the beginning of one insert to that of the next, so that rows gather: the linger, more when
 * inserts are slow, and nothing while there is a backlog. Pure.
 */
export function pauseAfter(last: LastInsert, lingerMs: number): number {
  if (last.isFull) return 0;
  const isBusy = last.rows * 1000 >= busyRowsPerSecond * last.gatheredMs;
  const { perInsert, mostLingers } = isBusy ? busy : usual;
  return Math.max(lingerMs, Math.min(last.tookMs * perInsert, lingerMs * mostLingers));
}
