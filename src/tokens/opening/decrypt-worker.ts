import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../platform/errors/errors.ts';
import type { ContentKeyDecryptor } from '../jwe/jwe.ts';
import { createHeaderReader } from '../jwe/jwe-header.ts';
import { importOpeningKey } from '../jwe/private-key.ts';
import { type OpenedWith, openWith } from './decrypter.ts';

/** A message of the pool: keys that this thread does not have yet, keys to drop, and tokens to open. */
export interface OpeningBatch {
  readonly newKeys: readonly { readonly id: string; readonly pkcs8: Uint8Array }[];
  readonly droppedKeys: readonly string[];
  readonly jobs: readonly { readonly token: string; readonly keyId: string }[];
}

/** Results in the order of the jobs. */
export type OpeningResults = readonly (OpenedWith | { readonly failure: string })[];

const keys = new Map<string, ContentKeyDecryptor>();
const headerOf = createHeaderReader();

function run({ newKeys, droppedKeys, jobs }: OpeningBatch): OpeningResults {
  for (const id of droppedKeys) keys.delete(id);
  for (const { id, pkcs8 } of newKeys) {
    try {
      keys.set(id, importOpeningKey(pkcs8));
    } catch {
      // Tokens of this key fail below. The thread and the other tokens of the batch are not affected.
    }
  }
  return jobs.map(({ token, keyId }) => {
    const key = keys.get(keyId);
    if (key === undefined) return { failure: 'the opening thread does not have the key' };
    try {
      return openWith(token, key, headerOf);
    } catch (error) {
      return { failure: messageOf(error) };
    }
  });
}

parentPort?.on('message', (batch: OpeningBatch) => parentPort?.postMessage(run(batch)));
