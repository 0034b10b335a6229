import { LRUCache } from 'lru-cache';
import { type CheckedClaims, checkClaims } from '../claims/claims.ts';
import { type ContentKeyDecryptor, openJwe, parseJwe } from '../jwe/jwe.ts';
import { createHeaderReader, type HeaderReader } from '../jwe/jwe-header.ts';
import { importOpeningKey, type PrivateKeyRef } from '../jwe/private-key.ts';

export type OpenedWith =
  | CheckedClaims
  /** Not a token of the one kind that is allowed, or not of this key. */
  | { readonly ok: false; readonly reason: 'malformed' | 'undecryptable' };

/** Imported keys hold native memory; ones not used lately are imported again when they are needed. */
export const maxImportedKeys = 1000;

/** Opens tokens with a given key and checks their claims. It takes as long for a wrong key as for the right one. */
export interface Opening {
  open(token: string, key: PrivateKeyRef): Promise<OpenedWith>;
}

/** One token, one key: the work itself, without threads. */
export function openWith(token: string, key: ContentKeyDecryptor, headerOf?: HeaderReader): OpenedWith {
  const jwe = parseJwe(token, headerOf);
  if (jwe === undefined) return { ok: false, reason: 'malformed' };
  const payload = openJwe(jwe, key);
  return payload === undefined ? { ok: false, reason: 'undecryptable' } : checkClaims(payload);
}

/**
 * Opens in the calling thread, which does nothing else meanwhile. Servers do it in turns (inline-decrypter.ts) or on threads
 * (decrypt-pool.ts).
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
