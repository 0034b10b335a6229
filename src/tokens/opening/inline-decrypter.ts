import { createTurnBatch } from '../../platform/background/batching.ts';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import { createInlineOpening, type OpenedWith, type Opening } from './decrypter.ts';

interface Job {
  readonly token: string;
  readonly key: PrivateKeyRef;
  resolve(result: OpenedWith): void;
  reject(error: unknown): void;
}

/** So many in a row keep others waiting for 10 ms. */
const maxInARow = 32;

/**
 * Opens in the calling thread, for processes that do little else (gateway workers). What comes up in one turn of the event
 * loop is opened in a row: requests and answers in between would cost each of them the caches that RSA fills, and it
 * theirs (docs/performance.md).
 */
export function createOpeningInTurns(): Opening {
  const inline = createInlineOpening();
  const add = createTurnBatch<Job>({
    maxItems: maxInARow,
    handle: (jobs) => {
      for (const job of jobs) void inline.open(job.token, job.key).then(job.resolve, job.reject);
    },
  });
  return {
    open: (token, key) =>
      new Promise((resolve, reject) => {
        add({ token, key, resolve, reject });
      }),
  };
}
