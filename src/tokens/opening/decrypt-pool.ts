import { oncePerTurn } from '../../platform/background/batching.ts';
import { type DecryptJob, type DecryptThread, startDecryptThread } from './decrypt-thread.ts';
import type { Decrypter } from './decrypter.ts';

export interface DecryptPoolConfig {
  readonly threads: number;
}

export interface DecryptPool extends Decrypter {
  close(): Promise<void>;
}

/**
 * Maximum number of batches per thread: one that the thread decrypts, and one that it can start immediately
 * afterwards.
 */
const maxPendingBatches = 2;
/**
 * Maximum number of jobs per batch: few enough that no token waits long for others, many enough that the messages
 * cost little.
 */
const maxBatch = 8;

/**
 * Creates a pool that decrypts tokens on separate threads. RSA then uses all cores, but not the thread that handles
 * requests. Jobs are sent in batches, because a message between threads costs as much as a tenth of a decryption
 * (docs/performance.md).
 */
export function createDecryptPool({ threads }: DecryptPoolConfig): DecryptPool {
  const queue: DecryptJob[] = [];
  let isClosed = false;
  let pool = Array.from({ length: threads }, startThread);
  // Jobs that arrive in the same event loop turn are sent together.
  const schedule = oncePerTurn(dispatch);

  function startThread(): DecryptThread {
    const thread = startDecryptThread({
      onAnswered: dispatch,
      onEnded: (error) => replace(thread, error),
    });
    return thread;
  }

  /** Replaces a thread that has ended, and rejects the jobs of that thread. */
  function replace(thread: DecryptThread, error: Error): void {
    if (isClosed || !pool.includes(thread)) return;
    pool = pool.map((current) => (current === thread ? startThread() : current));
    thread.fail(error);
    dispatch();
  }

  function dispatch(): void {
    for (let round = 0; round < maxPendingBatches; round += 1) {
      for (const thread of pool) {
        if (queue.length === 0) return;
        if (thread.pendingBatches() > round) continue;
        sendFrom(queue, thread, Math.min(maxBatch, Math.ceil(queue.length / pool.length)));
      }
    }
  }

  return {
    decrypt: (token, key) =>
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

/**
 * Sends a batch of at most `size` jobs. If a job cannot be sent because its key cannot be read, the next job in the
 * queue takes its place.
 */
function sendFrom(queue: DecryptJob[], thread: DecryptThread, size: number): void {
  while (thread.stagedJobs() < size && queue.length > 0)
    for (const job of queue.splice(0, size - thread.stagedJobs())) thread.stage(job);
  thread.sendBatch();
}
