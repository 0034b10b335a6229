import { createTurnBatch } from '../../platform/background/batching.ts';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import { createInlineOpening, type OpenedWith, type Opening } from './decrypter.ts';

interface Job {
  readonly token: string;
  readonly key: PrivateKeyRef;
  resolve(result: OpenedWith): void;
  reject(error: unknown): void;
}

/** This many openings in a row delay other work by 10 ms. */
const maxInARow = 32;

/**
 * Returns an opening in the calling thread, for processes that do little else (gateway workers). It opens the tokens of
 * one turn of the event loop in a row. Interleaved, RSA and the handling of requests would evict each other from the CPU
 * caches (docs/performance.md).
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
