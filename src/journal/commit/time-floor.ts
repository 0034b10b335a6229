import type { Clock } from '../../platform/clock.ts';

/** Times for the events of one producer. They never decrease, even if the system clock does. */
export interface TimeFloor {
  /** Returns the clock's time, or the latest time that it returned before, if that is later. */
  nowMs(): number;
  /** Returns by how much the clock is behind the latest returned time, or 0 if it is not behind. */
  behindMs(): number;
  /** Starts at the clock's time again. Call it when a new producer starts. */
  restart(): void;
}

/**
 * Creates the times of a producer. Event times of one producer must not decrease, because its watermark promises that
 * no later event is older. A new producer starts at the clock's time. Otherwise a clock that was wrong for a moment
 * would give all later sessions a wrong time.
 */
export function createTimeFloor(clock: Clock): TimeFloor {
  let floorMs = clock.nowMs();
  return {
    nowMs() {
      floorMs = Math.max(floorMs, clock.nowMs());
      return floorMs;
    },
    behindMs: () => Math.max(0, floorMs - clock.nowMs()),
    restart() {
      floorMs = clock.nowMs();
    },
  };
}
