/** Pauses a loop until another part of the process wakes it, or until a timeout. */
export interface Signal {
  /** Resolves at the next `wake`, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
  /** Resolves all current waits. */
  wake(): void;
}

/** Creates a signal. Any number of loops can wait for it. */
export function createSignal(): Signal {
  const sleepers = new Set<() => void>();
  return {
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          sleepers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        sleepers.add(done);
      }),
    wake() {
      for (const done of [...sleepers]) done();
    },
  };
}
