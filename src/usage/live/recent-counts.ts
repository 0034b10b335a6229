import type { SecondCount } from '../query/live-sql.ts';
import { type LiveFilter, type LiveTick, minuteSeconds, tickOf } from './ticks.ts';

/** A client that comes back within this time misses no second. */
export const replaySeconds = 120;

/** The counts of the last three minutes, from which every client gets its ticks. */
export interface RecentCounts {
  /** The newest second whose tick exists; undefined before the first read. */
  through(): number | undefined;
  /** Returns from which second on the store must be read for ticks up to `through`. */
  readFrom(through: number): number;
  /** Takes the counts of a read. */
  add(counts: readonly SecondCount[], fromSecond: number, through: number): void;
  /** Returns the ticks after a second, at most those of the last two minutes; only the newest without one. */
  ticksAfter(second: number | undefined, filter: LiveFilter): LiveTick[];
  clear(): void;
}

/** Returns an empty store of recent counts. Clients with equal filters share their ticks. */
export function createRecentCounts(): RecentCounts {
  let counts: SecondCount[] = [];
  let newest: number | undefined;
  const shared = new Map<string, LiveTick>();

  function tickAt(through: number, filter: LiveFilter): LiveTick {
    const key = JSON.stringify([through, filter.organisationId ?? null, filter.configurationIds]);
    const tick = shared.get(key) ?? tickOf(counts, through, filter);
    shared.set(key, tick);
    return tick;
  }

  return {
    through: () => newest,
    readFrom(through) {
      const oldestTick = newest === undefined ? through - replaySeconds : newest;
      return Math.max(oldestTick, through - replaySeconds) - minuteSeconds;
    },
    add(added, fromSecond, through) {
      const oldest = through - replaySeconds - minuteSeconds;
      counts = [
        ...counts.filter(({ second }) => second >= oldest && second < fromSecond),
        ...added.filter(({ second }) => second < through),
      ];
      newest = through;
      shared.clear();
    },
    ticksAfter(second, filter) {
      if (newest === undefined) return [];
      const first = second === undefined ? newest : Math.max(second + 1, newest - replaySeconds + 1);
      const ticks: LiveTick[] = [];
      for (let through = first; through <= newest; through += 1) ticks.push(tickAt(through, filter));
      return ticks;
    },
    clear() {
      counts = [];
      newest = undefined;
      shared.clear();
    },
  };
}
