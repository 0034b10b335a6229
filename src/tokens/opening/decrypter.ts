import { LRUCache } from 'lru-cache';
import { type CheckedClaims, checkClaims } from '../claims/claims.ts';
import { type ContentKeyDecryptor, openJwe, parseJwe } from '../jwe/jwe.ts';
import { createHeaderReader, type HeaderReader } from '../jwe/jwe-header.ts';
import { importPrivateKey, type PrivateKeyRef } from '../jwe/private-key.ts';

export type DecryptResult =
  | CheckedClaims
  /** The text is not a token of the allowed kind, or not a token of this key. */
  | { readonly ok: false; readonly reason: 'malformed' | 'undecryptable' };

/** Imported keys hold native memory. An evicted key is imported again at its next use. */
export const maxImportedKeys = 1000;

/** Decrypts tokens with a given key and checks their claims. A wrong key takes as long as the right one. */
export interface Decrypter {
  decrypt(token: string, key: PrivateKeyRef): Promise<DecryptResult>;
}

/** Returns the checked claims of one token, decrypted with one key in the calling thread. */
export function decryptToken(
  token: string,
  key: ContentKeyDecryptor,
  headerOf?: HeaderReader,
): DecryptResult {
  const jwe = parseJwe(token, headerOf);
  if (jwe === undefined) return { ok: false, reason: 'malformed' };
  const payload = openJwe(jwe, key);
  return payload === undefined ? { ok: false, reason: 'undecryptable' } : checkClaims(payload);
}

/**
 * Returns a decrypter that blocks the calling thread. Servers use it in batches (inline-decrypter.ts), or decrypt on
 * threads (decrypt-pool.ts).
 */
export function createBlockingDecrypter(): Decrypter {
  const headerOf = createHeaderReader();
  const keys = new LRUCache<string, ContentKeyDecryptor>({ max: maxImportedKeys });
  return {
    async decrypt(token, key) {
      let imported = keys.get(key.id);
      if (imported === undefined) {
        imported = importPrivateKey(key.pkcs8());
        keys.set(key.id, imported);
      }
      return decryptToken(token, imported, headerOf);
    },
  };
}
