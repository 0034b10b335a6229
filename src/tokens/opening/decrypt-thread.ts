import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import type { DecryptBatch, DecryptResults } from './decrypt-worker.ts';
import { type DecryptResult, maxImportedKeys } from './decrypter.ts';

/** A token that waits to be decrypted. */
export interface DecryptJob {
  readonly token: string;
  readonly key: PrivateKeyRef;
  resolve(result: DecryptResult): void;
  reject(error: Error): void;
}

/** A decryption thread, with the functions that the pool needs. */
export interface DecryptThread {
  /** Returns the number of batches that were sent and have no results yet. */
  pendingBatches(): number;
  /** Returns the number of jobs in the next batch, which is not sent yet. */
  stagedJobs(): number;
  /** Adds a job to the next batch. If the job's private key cannot be read, rejects only this job. */
  stage(job: DecryptJob): void;
  /** Sends the next batch, unless it is empty. */
  sendBatch(): void;
  /** Rejects the jobs that were sent and have no results yet. */
  fail(error: Error): void;
  terminate(): Promise<unknown>;
}

export interface DecryptThreadEvents {
  /** Called after the results of a batch have arrived and its jobs are settled. */
  onAnswered(): void;
  /** Called when the thread has ended or is about to end. It can be called twice. */
  onEnded(error: Error): void;
}

/** The state of one thread. */
interface ThreadState {
  readonly worker: Worker;
  /** Batches without results, oldest first. */
  readonly pending: (readonly DecryptJob[])[];
  /** Ids of the keys that the thread has imported. When this cache evicts an id, the thread drops its key. */
  readonly keys: LRUCache<string, true>;
  droppedKeys: string[];
  newKeys: DecryptBatch['newKeys'][number][];
  staged: DecryptJob[];
}

/** Starts a thread. The thread does not prevent the process from exiting. */
export function startDecryptThread({ onAnswered, onEnded }: DecryptThreadEvents): DecryptThread {
  const state: ThreadState = {
    worker: new Worker(new URL('./decrypt-worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 48 },
    }),
    pending: [],
    keys: new LRUCache({ max: maxImportedKeys, dispose: (_, id) => state.droppedKeys.push(id) }),
    droppedKeys: [],
    newKeys: [],
    staged: [],
  };
  const { worker, pending } = state;
  worker.on('message', (results: DecryptResults) => {
    const jobs = pending.shift() ?? [];
    jobs.forEach((job, index) => {
      settle(job, results[index]);
    });
    onAnswered();
  });
  worker.once('error', onEnded);
  worker.once('exit', () => onEnded(new Error('a decryption thread ended')));
  worker.unref();

  return {
    pendingBatches: () => pending.length,
    stagedJobs: () => state.staged.length,
    stage: (job) => stage(state, job),
    sendBatch: () => sendBatch(state),
    fail(error) {
      for (const { reject } of pending.flat()) reject(error);
    },
    terminate: () => worker.terminate(),
  };
}

function stage({ keys, newKeys, staged }: ThreadState, job: DecryptJob): void {
  const { id } = job.key;
  try {
    if (keys.get(id) === undefined) {
      newKeys.push({ id, pkcs8: job.key.pkcs8() });
      keys.set(id, true);
    }
    staged.push(job);
  } catch (error) {
    job.reject(error as Error);
  }
}

function sendBatch(state: ThreadState): void {
  const { worker, pending, staged, newKeys, droppedKeys } = state;
  if (staged.length === 0) return;
  state.staged = [];
  state.newKeys = [];
  state.droppedKeys = [];
  const jobs = staged.map(({ token, key }) => ({ token, keyId: key.id }));
  pending.push(staged);
  worker.postMessage({ newKeys, droppedKeys, jobs } satisfies DecryptBatch);
}

function settle({ resolve, reject }: DecryptJob, result: DecryptResults[number] | undefined): void {
  if (result === undefined) reject(new Error('a decryption thread returned no result for a token'));
  else if ('failure' in result) reject(new Error(result.failure));
  else resolve(result);
}
