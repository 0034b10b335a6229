import { createTurnBatch } from '../../platform/background/batching.ts';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import { createBlockingDecrypter, type Decrypter, type DecryptResult } from './decrypter.ts';

interface Job {
  readonly token: string;
  readonly key: PrivateKeyRef;
  resolve(result: DecryptResult): void;
  reject(error: unknown): void;
}

/** Maximum batch size. A batch of this size delays other work by about 10 ms. */
const maxBatch = 32;

/**
 * Creates a decrypter that runs on the calling thread, for processes that do little else (gateway workers). It
 * decrypts all tokens of an event loop turn together. If decryption alternated with request handling, RSA would lose
 * its data from the CPU caches (docs/performance.md).
 */
export function createInlineDecrypter(): Decrypter {
  const blocking = createBlockingDecrypter();
  const add = createTurnBatch<Job>({
    maxItems: maxBatch,
    handle: (jobs) => {
      for (const job of jobs) void blocking.decrypt(job.token, job.key).then(job.resolve, job.reject);
    },
  });
  return {
    decrypt: (token, key) =>
      new Promise((resolve, reject) => {
        add({ token, key, resolve, reject });
      }),
  };
}
