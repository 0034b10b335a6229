import type { Clock } from '../../platform/clock.ts';

/** A clock that never goes back. */
export interface TimeFloor {
  /** Returns the time of the clock, or the latest returned time if that is later. */
  nowMs(): number;
}

/**
 * Returns a clock that never goes back, because the times of a stream must not decrease when the system clock does.
 * @param firstMs the minimum time.
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
