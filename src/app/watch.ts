import { reasonOf } from '../platform/errors/errors.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * Does something again and again, never twice at once. When it fails it goes on; the log tells the first failure of a
 * row and its end, so that an outage of hours is two lines.
 */
export function createWatch(
  name: string,
  everyMs: number,
  work: () => Promise<void>,
  logger: Logger,
): Component {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failing = false;

  async function workAndTell(): Promise<void> {
    try {
      await work();
      if (failing) logger.info({ watch: name }, 'a watch works again');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ watch: name, reason: reasonOf(error) }, 'a watch fails; it goes on');
      failing = true;
    }
  }

  function turn(): void {
    running ??= workAndTell().finally(() => {
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
