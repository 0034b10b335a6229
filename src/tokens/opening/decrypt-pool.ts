import { oncePerTurn } from '../../platform/background/batching.ts';
import { type DecryptThread, type OpeningJob, startDecryptThread } from './decrypt-thread.ts';
import type { Opening } from './decrypter.ts';

export interface OpeningPoolConfig {
  readonly threads: number;
}

export interface OpeningPool extends Opening {
  close(): Promise<void>;
}

/** One batch is being worked on, and the next is there when it ends. */
const maxBatchesUnderWay = 2;
/** Few enough that no token waits long behind others, many enough that messages cost little. */
const maxBatch = 8;

/**
 * Returns a pool that opens tokens on threads of their own, so that RSA uses every core and never the thread that
 * answers requests. In batches: a message between threads costs as much as a tenth of an opening (docs/performance.md).
 */
export function createOpeningPool({ threads }: OpeningPoolConfig): OpeningPool {
  const queue: OpeningJob[] = [];
  let isClosed = false;
  let pool = Array.from({ length: threads }, startThread);
  // What arrives in one turn is sent together.
  const schedule = oncePerTurn(dispatch);

  function startThread(): DecryptThread {
    const thread = startDecryptThread({
      onAnswered: dispatch,
      onEnded: (error) => replace(thread, error),
    });
    return thread;
  }

  /** A thread that ended fails what it had, and a new one takes its place. */
  function replace(thread: DecryptThread, error: Error): void {
    if (isClosed || !pool.includes(thread)) return;
    pool = pool.map((one) => (one === thread ? startThread() : one));
    thread.fail(error);
    dispatch();
  }

  function dispatch(): void {
    for (let round = 0; round < maxBatchesUnderWay; round += 1) {
      for (const thread of pool) {
        if (queue.length === 0) return;
        if (thread.batchesUnderWay() > round) continue;
        sendFrom(queue, thread, Math.min(maxBatch, Math.ceil(queue.length / pool.length)));
      }
    }
  }

  return {
    open: (token, key) =>
      new Promise((resolve, reject) => {
        queue.push({ token, key, resolve, reject });
        schedule();
      }),
    async close() {
      isClosed = true;
      await Promise.all(pool.map((thread) => thread.terminate()));
    },
  };
}

/** Sends a batch of at most `size` jobs. Jobs that the thread rejects make room for others. */
function sendFrom(queue: OpeningJob[], thread: DecryptThread, size: number): void {
  while (thread.stagedJobs() < size && queue.length > 0)
    for (const job of queue.splice(0, size - thread.stagedJobs())) thread.stage(job);
  thread.sendBatch();
}
