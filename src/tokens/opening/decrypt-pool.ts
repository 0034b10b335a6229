import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import type { OpeningBatch, OpeningResults } from './decrypt-worker.ts';
import { maxImportedKeys, type OpenedWith, type Opening } from './decrypter.ts';

export interface OpeningPoolConfig {
  readonly threads: number;
}

export interface OpeningPool extends Opening {
  close(): Promise<void>;
}

interface Job {
  readonly token: string;
  readonly key: PrivateKeyRef;
  resolve(result: OpenedWith): void;
  reject(error: Error): void;
}

type NewKey = OpeningBatch['newKeys'][number];

interface Thread {
  readonly worker: Worker;
  /** Batches that were sent and not answered yet, oldest first. */
  readonly underWay: (readonly Job[])[];
  /** The keys that the thread has, exactly: what falls out here is dropped there. */
  readonly keys: LRUCache<string, true>;
  dropped: string[];
}

/** One batch is being worked on, and the next is there when it ends. */
const maxBatchesUnderWay = 2;
/** Few enough that nobody waits long behind others, many enough that messages cost little. */
const maxBatch = 8;

/**
 * Opens tokens on threads of their own, so that RSA uses every core and never the thread that answers requests.
 * In batches: a message between threads costs as much as a tenth of an opening (docs/performance.md).
 */
export function createOpeningPool({ threads }: OpeningPoolConfig): OpeningPool {
  const queue: Job[] = [];
  let scheduled = false;
  let closed = false;
  let pool = Array.from({ length: threads }, startThread);

  function startThread(): Thread {
    const worker = new Worker(new URL('./decrypt-worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 48 },
    });
    const dropped: string[] = [];
    const thread: Thread = {
      worker,
      underWay: [],
      dropped,
      keys: new LRUCache({ max: maxImportedKeys, dispose: (_, id) => thread.dropped.push(id) }),
    };
    worker.on('message', (results: OpeningResults) => {
      const jobs = thread.underWay.shift() ?? [];
      jobs.forEach((job, index) => {
        settle(job, results[index]);
      });
      dispatch();
    });
    worker.once('error', (error) => replace(thread, error));
    worker.once('exit', () => replace(thread, new Error('an opening thread ended')));
    worker.unref();
    return thread;
  }

  /** A thread that ended fails what it had; a new one takes its place. */
  function replace(thread: Thread, error: Error): void {
    if (closed || !pool.includes(thread)) return;
    pool = pool.map((one) => (one === thread ? startThread() : one));
    for (const { reject } of thread.underWay.flat()) reject(error);
    dispatch();
  }

  /** At the end of the turn: what arrives together is sent together. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      dispatch();
    });
  }

  function dispatch(): void {
    for (let round = 0; round < maxBatchesUnderWay; round += 1) {
      for (const thread of pool) {
        if (queue.length === 0) return;
        if (thread.underWay.length <= round)
          send(thread, Math.min(maxBatch, Math.ceil(queue.length / pool.length)));
      }
    }
  }

  function send(thread: Thread, size: number): void {
    const jobs: Job[] = [];
    const newKeys: NewKey[] = [];
    while (jobs.length < size && queue.length > 0) {
      for (const job of queue.splice(0, size - jobs.length)) {
        try {
          newKeys.push(...keyFor(thread, job));
          jobs.push(job);
        } catch (error) {
          // A private key that cannot be read fails its own tokens, and nobody else's.
          job.reject(error as Error);
        }
      }
    }
    if (jobs.length === 0) return;
    const droppedKeys = thread.dropped;
    thread.dropped = [];
    const batch: OpeningBatch = {
      newKeys,
      droppedKeys,
      jobs: jobs.map(({ token, key }) => ({ token, keyId: key.id })),
    };
    thread.underWay.push(jobs);
    thread.worker.postMessage(batch);
  }

  /** The job's key, where the thread does not have it yet. */
  function keyFor(thread: Thread, { key }: Job): NewKey[] {
    if (thread.keys.get(key.id) !== undefined) return [];
    const newKey = { id: key.id, pkcs8: key.pkcs8() };
    thread.keys.set(key.id, true);
    return [newKey];
  }

  return {
    open: (token, key) =>
      new Promise((resolve, reject) => {
        queue.push({ token, key, resolve, reject });
        schedule();
      }),
    async close() {
      closed = true;
      await Promise.all(pool.map(({ worker }) => worker.terminate()));
    },
  };
}

function settle({ resolve, reject }: Job, result: OpeningResults[number] | undefined): void {
  if (result === undefined) reject(new Error('an opening thread left a token out'));
  else if ('failure' in result) reject(new Error(result.failure));
  else resolve(result);
}
