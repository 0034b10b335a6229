import { reasonOf } from '../errors/errors.ts';
import type { Component } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';

export interface PeriodicTask {
  /** Names the component, and the task in log lines. */
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

/**
 * Returns a component that runs a task every `everyMs` milliseconds, never twice at the same time. `stop` waits for the
 * run that is under way. A failed run is retried at the next turn; only the first failure of a row and the end of the
 * row are logged, so that an outage of hours is two lines.
 */
export function createPeriodic({ name, everyMs, run }: PeriodicTask, logger: Logger): Component {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isFailing = false;

  async function runAndLog(): Promise<void> {
    try {
      await run();
      if (isFailing) logger.info({ watch: name }, 'a watch works again');
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ watch: name, reason: reasonOf(error) }, 'a watch fails; it goes on');
      isFailing = true;
    }
  }

  function turn(): void {
    running ??= runAndLog().finally(() => {
      running = undefined;
    });
  }

  return {
    name,
    start() {
      timer = setInterval(turn, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
