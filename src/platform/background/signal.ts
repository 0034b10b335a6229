/** Lets loops sleep until there is work, or until a time has passed. */
export interface Wakeup {
  /** Resolves at the next `wake`, at the latest after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
  wake(): void;
}

export function createWakeup(): Wakeup {
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
