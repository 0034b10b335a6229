import type { SecondCount } from '../query/statements/live-sql.ts';
import { type LiveFilter, type LiveTick, minuteSeconds, tickOf } from './ticks.ts';

/** A client that reconnects within this time receives the events of every second in between. */
export const replaySeconds = 120;

/** Counts of the last three minutes, by second. The ticks for all clients are computed from these counts. */
export interface RecentCounts {
  /** Returns the end of the newest second that was read, or undefined before the first read. */
  through(): number | undefined;
  /** Returns the first second whose counts are needed for the ticks up to `through`. */
  readFrom(through: number): number;
  /**
   * Adds counts that were read from the store. Existing counts from `fromSecond` on are replaced, and counts that are
   * too old are dropped.
   */
  add(counts: readonly SecondCount[], fromSecond: number, through: number): void;
  /**
   * Returns the ticks after a second, but at most those of the last two minutes. Without a second, returns only the
   * newest tick.
   */
  ticksAfter(second: number | undefined, filter: LiveFilter): LiveTick[];
  clear(): void;
}

/** Creates an empty store for recent counts. All clients with the same filter share their ticks. */
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
