import { createPeriodic } from '../../platform/background/periodic-task.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { JournalMetrics } from '../declarations/metrics.ts';

export interface ClockWatchDeps {
  readonly clock: Clock;
  /** Returns the time of a clock that is never set, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<JournalMetrics, 'clockSteps'>;
}

/** Watches the system clock, because a wrong clock gives sessions a wrong time. */
export interface ClockWatch {
  /** Starts to call `eachSecond` and `compare` every second. */
  start(eachSecond: () => void): void;
  stop(): Promise<void>;
  /** Reports that the clock has stepped back by more than 5 s. The journal calls this method. */
  steppedBack(stepMs: number): void;
  /**
   * Compares the system clock with the monotonic clock, and reports if the system clock has jumped ahead by more than
   * an hour since the last call.
   */
  compare(): void;
  /** Returns the last step of the clock if it was reported in the last 10 minutes, otherwise undefined. */
  trouble(): string | undefined;
}

const everyMs = 1000;
const jumpMs = 3_600_000;
const shownMs = 600_000;

/**
 * Creates the watch of the system clock. The watch cannot know whether the time before or after a step is right. A
 * suspension of the machine for more than an hour is reported as a jump, because the monotonic clock does not advance
 * during it.
 */
export function createClockWatch({ clock, monotonicMs, logger, metrics }: ClockWatchDeps): ClockWatch {
  let offsetMs = clock.nowMs() - monotonicMs();
  let last: { readonly text: string; readonly atMs: number } | undefined;
  // The counters start with 0, because Prometheus detects an increase only in a series that already exists.
  for (const direction of ['ahead', 'back']) metrics.clockSteps.inc({ direction }, 0);
  let periodic: ReturnType<typeof createPeriodic> | undefined;

  function report(direction: 'ahead' | 'back', stepMs: number, text: string): void {
    metrics.clockSteps.inc({ direction });
    logger.error({ direction, stepMs: Math.round(stepMs) }, text);
    last = { text: `${text} (${describe(stepMs)})`, atMs: monotonicMs() };
  }

  function compare(): void {
    const aheadMs = clock.nowMs() - monotonicMs() - offsetMs;
    offsetMs += aheadMs;
    if (aheadMs > jumpMs) report('ahead', aheadMs, 'the clock jumped ahead: check whether its time is right');
  }

  return {
    compare,
    start(eachSecond) {
      periodic = createPeriodic({ everyMs, keepsProcess: false }, async () => {
        compare();
        eachSecond();
      });
      periodic.start();
    },
    stop: async () => periodic?.stop(),
    steppedBack(stepMs) {
      report('back', stepMs, 'the clock stepped back: sessions before the step may have a wrong time');
    },
    trouble: () => (last !== undefined && monotonicMs() - last.atMs < shownMs ? last.text : undefined),
  };
}

function describe(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 7200 ? `${seconds} s` : `${Math.round(seconds / 3600)} h`;
}
