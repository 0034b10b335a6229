import type { Sink } from './sink.ts';

/**
 * A sink that comes back after it lost its partition: a command that mends what is stored takes it for a while, and a
 * journal has no group that would say who is next. The wait lets the other finish.
 */
export function createReturningSink(makeSink: (onLost: () => void) => Sink, waitMs: number): Sink {
  let isStopped = false;
  let sink = makeSink(onLost);

  function onLost(): void {
    setTimeout(() => {
      if (isStopped) return;
      sink = makeSink(onLost);
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
