import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../platform/errors/errors.ts';
import type { ContentKeyDecryptor } from '../jwe/jwe.ts';
import { createHeaderReader } from '../jwe/jwe-header.ts';
import { importPrivateKey } from '../jwe/private-key.ts';
import { type DecryptResult, decryptToken } from './decrypter.ts';

/** A message from the pool: keys that this thread does not have yet, keys to drop, and tokens to decrypt. */
export interface DecryptBatch {
  readonly newKeys: readonly { readonly id: string; readonly pkcs8: Uint8Array }[];
  readonly droppedKeys: readonly string[];
  readonly jobs: readonly { readonly token: string; readonly keyId: string }[];
}

/** Results in the order of the jobs. */
export type DecryptResults = readonly (DecryptResult | { readonly failure: string })[];

const keys = new Map<string, ContentKeyDecryptor>();
const headerOf = createHeaderReader();

function run({ newKeys, droppedKeys, jobs }: DecryptBatch): DecryptResults {
  for (const id of droppedKeys) keys.delete(id);
  for (const { id, pkcs8 } of newKeys) {
    try {
      keys.set(id, importPrivateKey(pkcs8));
    } catch {
      // Tokens of this key fail below. Other tokens in the batch are not affected.
    }
  }
  return jobs.map(({ token, keyId }) => {
    const key = keys.get(keyId);
    if (key === undefined) return { failure: 'the decryption thread does not have the key' };
    try {
      return decryptToken(token, key, headerOf);
    } catch (error) {
      return { failure: messageOf(error) };
    }
  });
}

parentPort?.on('message', (batch: DecryptBatch) => parentPort?.postMessage(run(batch)));
