import { oncePerTurn } from '../../platform/background/batching.ts';
import { type DecryptJob, type DecryptThread, startDecryptThread } from './decrypt-thread.ts';
import type { Decrypter } from './decrypter.ts';

export interface DecryptPoolConfig {
  readonly threads: number;
}

export interface DecryptPool extends Decrypter {
  close(): Promise<void>;
}

/** Per thread: one batch is in progress, and the next is ready when it ends. */
const maxPendingBatches = 2;
/** Small enough that no token waits long behind others, large enough that messages cost little. */
const maxBatch = 8;

/**
 * Returns a pool that decrypts tokens on separate threads, so that RSA uses every core and never the thread that answers
 * requests. It sends batches: a message between threads costs as much as a tenth of a decryption (docs/performance.md).
 */
export function createDecryptPool({ threads }: DecryptPoolConfig): DecryptPool {
  const queue: DecryptJob[] = [];
  let isClosed = false;
  let pool = Array.from({ length: threads }, startThread);
  // Jobs that arrive in one turn of the event loop are sent together.
  const schedule = oncePerTurn(dispatch);

  function startThread(): DecryptThread {
    const thread = startDecryptThread({
      onAnswered: dispatch,
      onEnded: (error) => replace(thread, error),
    });
    return thread;
  }

  /** Replaces a thread that ended, and rejects its jobs. */
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

/** Sends a batch of at most `size` jobs. Jobs that the thread rejects make room for others. */
function sendFrom(queue: DecryptJob[], thread: DecryptThread, size: number): void {
  while (thread.stagedJobs() < size && queue.length > 0)
    for (const job of queue.splice(0, size - thread.stagedJobs())) thread.stage(job);
  thread.sendBatch();
}
