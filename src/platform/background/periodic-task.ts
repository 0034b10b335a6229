import { reasonOf } from '../errors/errors.ts';
import type { Component } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';

/** Work that repeats until it is stopped. */
export interface Periodic {
  start(): void;
  /** Resolves when no work is running any more. */
  stop(): Promise<void>;
}

export interface PeriodicConfig {
  readonly everyMs: number;
  /** Whether the process stays alive for it. Default: true. */
  readonly keepsProcess?: boolean;
}

/**
 * Returns work that runs every `everyMs`, first after that time. A tick during a run is left out, so runs never overlap.
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
 * Returns a component that repeats `work`. A failure does not end it. The log has the first failure of a row and the
 * recovery, so that an outage of hours is two lines.
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
      if (isFailing) logger.info({ watch: name }, 'a watch works again');
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ watch: name, reason: reasonOf(error) }, 'a watch fails; it retries');
      isFailing = true;
    }
  }

  return { name, ...createPeriodic({ everyMs }, workAndReport) };
}
