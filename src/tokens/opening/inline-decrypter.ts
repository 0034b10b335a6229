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
  const queue: Job[] = [];

  async function openOne({ token, key, resolve, reject }: Job): Promise<void> {
    try {
      resolve(await inline.open(token, key));
    } catch (error) {
      reject(error);
    }
  }

  function openRow(): void {
    const row = queue.splice(0, maxInARow);
    if (queue.length > 0) setImmediate(openRow);
    for (const job of row) void openOne(job);
  }

  return {
    open: (token, key) =>
      new Promise((resolve, reject) => {
        queue.push({ token, key, resolve, reject });
        if (queue.length === 1) setImmediate(openRow);
      }),
  };
}
