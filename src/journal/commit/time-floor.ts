import type { Clock } from '../../platform/clock.ts';

/** A clock that never steps back. */
export interface TimeFloor {
  /** Returns the time of the clock, or the latest time that was returned before. */
  nowMs(): number;
}

/** Returns a clock that never steps back: the system's may, the stream may not. @param firstMs the least time. */
export function createTimeFloor(clock: Clock, firstMs: number): TimeFloor {
  let floorMs = Math.max(firstMs, clock.nowMs());
  return {
    nowMs() {
      floorMs = Math.max(floorMs, clock.nowMs());
      return floorMs;
    },
  };
}
