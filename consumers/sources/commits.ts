import type { Logger } from '../../src/platform/logger.ts';

/** Commits the newest hint of each partition, one commit at a time; a hint that is lost costs a little reading. */
export function createCommits(send: (partition: number, offset: number) => Promise<void>, logger: Logger) {
  const pending = new Map<number, number>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (const [partition, offset] of pending) {
      pending.delete(partition);
      await send(partition, offset).catch((error) =>
        logger.debug({ err: error, partition }, 'a hint was lost'),
      );
    }
  }

  function start(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (pending.size > 0) start();
    });
  }

  return {
    commit(partition: number, offset: number) {
      pending.set(partition, offset);
      start();
    },
    async settled() {
      while (running !== undefined) await running;
    },
  };
}
