import { LRUCache } from 'lru-cache';
import { type CheckedClaims, checkClaims } from '../claims/claims.ts';
import { type ContentKeyDecryptor, openJwe, parseJwe } from '../jwe/jwe.ts';
import { createHeaderReader, type HeaderReader } from '../jwe/jwe-header.ts';
import { importPrivateKey, type PrivateKeyRef } from '../jwe/private-key.ts';

export type DecryptResult =
  | CheckedClaims
  /** The text is not a token that watmeter supports, or the token was not encrypted for this key. */
  | { readonly ok: false; readonly reason: 'malformed' | 'undecryptable' };

/**
 * Maximum number of imported keys, to limit the native memory that they use. An evicted key is imported again when it
 * is needed.
 */
export const maxImportedKeys = 1000;

/**
 * Decrypts tokens with a given key and validates their claims. A decryption with a wrong key takes as long as one
 * with the right key.
 */
export interface Decrypter {
  decrypt(token: string, key: PrivateKeyRef): Promise<DecryptResult>;
}

/** Decrypts a token with one key on the calling thread, and validates its claims. */
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
 * Creates a decrypter that blocks the calling thread. Servers therefore use it in batches (inline-decrypter.ts), or
 * use separate threads (decrypt-pool.ts).
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
