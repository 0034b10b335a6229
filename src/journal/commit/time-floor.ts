import type { Clock } from '../../platform/clock.ts';

/** A clock that never goes backwards. */
export interface TimeFloor {
  /** Returns the clock's time, or the latest time that it returned before, if that is later. */
  nowMs(): number;
}

/**
 * Creates a clock that never goes backwards, so that event times do not decrease when the system clock does.
 * @param firstMs the earliest time that the clock returns.
 */
export function createTimeFloor(clock: Clock, firstMs: number): TimeFloor {
  let floorMs = Math.max(firstMs, clock.nowMs());
  return {
    nowMs() {
      floorMs = Math.max(floorMs, clock.nowMs());
      return floorMs;
    },
  };
}
