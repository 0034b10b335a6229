import { messageOf } from '../platform/errors.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';

/** Does something again and again, never twice at once; a failure is logged and tried again. */
export function createWatch(
  name: string,
  everyMs: number,
  work: () => Promise<void>,
  logger: Logger,
): Component {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function turn(): void {
    running ??= work()
      .catch((error) => logger.warn({ watch: name, reason: messageOf(error) }, 'a watch failed; it goes on'))
      .finally(() => {
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
