import { reasonOf } from '../errors/errors.ts';
import type { Component } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';

/** A task that repeats until it is stopped. */
export interface Periodic {
  start(): void;
  /** Stops the task. Resolves when the current run is complete. */
  stop(): Promise<void>;
}

export interface PeriodicConfig {
  readonly everyMs: number;
  /** True if the timer prevents the process from exiting. Default: true. */
  readonly keepsProcess?: boolean;
}

/**
 * Creates a task that calls `work` every `everyMs`, the first time after `everyMs`. If a run takes longer, the next
 * one is skipped, so runs never overlap.
 * @param work must not reject.
 */
export function createPeriodic(config: PeriodicConfig, work: () => Promise<void>): Periodic {
  const { everyMs, keepsProcess = true } = config;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function tick(): void {
    running ??= work().finally(() => {
      running = undefined;
    });
  }

  return {
    start() {
      timer = setInterval(tick, everyMs);
      if (!keepsProcess) timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * Creates a component that calls `work` every `everyMs`, also after a failure. It logs only the first failure of a
 * series and the recovery, so a long outage writes two lines.
 */
export function createPeriodicTask(
  name: string,
  everyMs: number,
  work: () => Promise<void>,
  logger: Logger,
): Component {
  let isFailing = false;

  async function workAndReport(): Promise<void> {
    try {
      await work();
      if (isFailing) logger.info({ watch: name }, 'a periodic task works again');
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        logger.warn({ watch: name, reason: reasonOf(error) }, 'a periodic task failed and will be retried');
      isFailing = true;
    }
  }

  return { name, ...createPeriodic({ everyMs }, workAndReport) };
}
