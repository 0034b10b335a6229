import { LRUCache } from 'lru-cache';
import { type CheckedClaims, checkClaims } from '../claims/claims.ts';
import { type ContentKeyDecryptor, openJwe, parseJwe } from '../jwe/jwe.ts';
import { createHeaderReader, type HeaderReader } from '../jwe/jwe-header.ts';
import { importOpeningKey, type PrivateKeyRef } from '../jwe/private-key.ts';

export type OpenedWith =
  | CheckedClaims
  /** The text is not a token of the allowed kind, or not a token of this key. */
  | { readonly ok: false; readonly reason: 'malformed' | 'undecryptable' };

/** Imported keys hold native memory. An evicted key is imported again at its next use. */
export const maxImportedKeys = 1000;

/** Opens tokens with a given key and checks their claims. It takes as long for a wrong key as for the right one. */
export interface Opening {
  open(token: string, key: PrivateKeyRef): Promise<OpenedWith>;
}

/** Opens one token with one key in the calling thread, and checks its claims. */
export function openWith(token: string, key: ContentKeyDecryptor, headerOf?: HeaderReader): OpenedWith {
  const jwe = parseJwe(token, headerOf);
  if (jwe === undefined) return { ok: false, reason: 'malformed' };
  const payload = openJwe(jwe, key);
  return payload === undefined ? { ok: false, reason: 'undecryptable' } : checkClaims(payload);
}

/**
 * Returns an opening that blocks the calling thread. Servers batch the openings of a turn (inline-decrypter.ts) or open on
 * threads (decrypt-pool.ts).
 */
export function createInlineOpening(): Opening {
  const headerOf = createHeaderReader();
  const keys = new LRUCache<string, ContentKeyDecryptor>({ max: maxImportedKeys });
  return {
    async open(token, key) {
      let imported = keys.get(key.id);
      if (imported === undefined) {
        imported = importOpeningKey(key.pkcs8());
        keys.set(key.id, imported);
      }
      return openWith(token, imported, headerOf);
    },
  };
}
