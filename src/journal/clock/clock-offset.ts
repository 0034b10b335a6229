import { createPeriodicTask } from '../../platform/background/periodic-task.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';

export interface ClockOffsetDeps {
  /** Returns the time of another machine, in epoch milliseconds. @throws Error if it does not respond. */
  readonly readOtherMs: () => Promise<number>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The difference between the clock of this machine and the clock of another machine. */
export interface ClockOffset {
  /** Returns the last measured offset in milliseconds, or 0 before the first measurement. Positive: this clock is ahead. */
  offsetMs(): number;
  measure(): Promise<void>;
  readonly check: ReadinessCheck;
  readonly component: Component;
}

const everyMs = 10_000;
/** Readiness reports a larger offset. Clocks that are synchronised with NTP differ by milliseconds. */
const warnMs = 2000;

/**
 * Creates the comparison of this gateway's clock with the clock of the control store. A gateway with a wrong clock gives
 * sessions a wrong time, and only another clock reveals this. An offset that the duration of the query can explain counts
 * as 0.
 */
export function createClockOffset({ readOtherMs, clock, logger }: ClockOffsetDeps): ClockOffset {
  let offsetMs = 0;

  async function measure(): Promise<void> {
    const startMs = clock.nowMs();
    const otherMs = await readOtherMs();
    const endMs = clock.nowMs();
    // The other clock was read between `startMs` and `endMs`. The offset is the smallest that is possible in this interval.
    offsetMs = otherMs < startMs ? startMs - otherMs : otherMs > endMs ? endMs - otherMs : 0;
  }

  return {
    offsetMs: () => offsetMs,
    measure,
    check: {
      name: 'clock offset',
      trouble: () => (Math.abs(offsetMs) > warnMs ? describe(offsetMs) : undefined),
      isHarmless: true,
    },
    component: createPeriodicTask('clock offset', everyMs, measure, logger),
  };
}

function describe(offsetMs: number): string {
  const seconds = Math.abs(Math.round(offsetMs / 1000));
  const direction = offsetMs > 0 ? 'ahead of' : 'behind';
  return `the clock is ${seconds} s ${direction} the clock of the control store: synchronise both with NTP`;
}
