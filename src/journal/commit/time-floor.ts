import type { Clock } from '../../platform/clock.ts';

/** The time of one producer's events. It never goes backwards while the producer lives. */
export interface TimeFloor {
  /** Returns the clock's time, or the latest time that it returned before, if that is later. */
  nowMs(): number;
  /** Returns how far the clock is behind the latest returned time: 0 if it is not behind. */
  behindMs(): number;
  /** Starts at the clock's time again, for a new producer. */
  restart(): void;
}

/**
 * Creates the time of a producer. The times of one producer must not decrease when the system clock does, because its
 * watermark states that no later event is older. The floor ends with its producer. Otherwise one wrong moment of the
 * clock would misdate all later sessions.
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
