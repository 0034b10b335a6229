import type { Sink } from './sink.ts';

/**
 * Creates a sink that restarts `waitMs` after it has lost its partition. Embedded mode needs the restart: `watmeter
 * repair` takes the partition for a while, and no consumer group assigns the partition again afterwards. The wait
 * gives `repair` time to finish.
 *
 * @param create creates the sink of one run. That sink calls `onLost` when it has lost the partition.
 */
export function createRestartingSink(create: (onLost: () => void) => Sink, waitMs: number): Sink {
  let isStopped = false;
  let sink = create(restartLater);

  function restartLater(): void {
    setTimeout(() => {
      if (isStopped) return;
      sink = create(restartLater);
      sink.start();
    }, waitMs).unref();
  }

  return {
    start: () => sink.start(),
    trouble: () => sink.trouble(),
    async stop() {
      isStopped = true;
      await sink.stop();
    },
  };
}
