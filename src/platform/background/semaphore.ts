/** Limits how many asynchronous tasks run at the same time. */
export interface Semaphore {
  /** Waits for a free slot, in call order, then runs the task. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates a semaphore with `count` slots. */
export function createSemaphore(count: number): Semaphore {
  let free = count;
  const queue: (() => void)[] = [];
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
