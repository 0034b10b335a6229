import { type CheckedClaims, checkClaims } from './claims.ts';
import { type ContentKeyDecryptor, openJwe, parseJwe } from './jwe.ts';
import type { HeaderReader } from './jwe-header.ts';
import { importOpeningKey, type PrivateKeyRef } from './opening-key.ts';

export type OpenedWith =
  | CheckedClaims
  /** Not a token of the one kind that is allowed, or not of this key. */
  | { readonly ok: false; readonly reason: 'malformed' | 'undecryptable' };

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

/** Opens in the calling thread: for commands and tests. A gateway uses the pool of threads (opening-pool.ts). */
export function createInlineOpening(): Opening {
  return { open: async (token, key) => openWith(token, importOpeningKey(key.pkcs8())) };
}
