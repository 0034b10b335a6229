import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { WatClaims } from './claims.ts';

/** A token that was opened: whose it is, by which key, and what it claims. */
export interface OpenedToken {
  readonly configurationId: string;
  readonly organisationId: string;
  readonly keyId: string;
  /** SHA-256 of the token, base64url. Each token has one spelling only, so this is also what its bytes are known by. */
  readonly digest: string;
  readonly claims: WatClaims;
}

/** Remembers opened tokens, so that a link that many people use costs one RSA operation. */
export interface OpenedTokens {
  /** What a token is remembered by: a digest, so that the memory holds no tokens. */
  keyOf(token: string): string;
  get(key: string): OpenedToken | undefined;
  set(key: string, opened: OpenedToken): void;
}

/** What an entry costs beside its texts: measured, rounded up. */
const entryOverheadBytes = 700;

/**
 * Bounded by memory, least recently used first out. Only tokens in
 * their one canonical spelling are ever remembered. Whether a remembered token still counts is asked anew at
 * each use (token-opener.ts, exchange.ts): expiry, disabling and deletion act at once.
 */
export function createOpenedTokens(limitBytes: number): OpenedTokens {
  if (limitBytes === 0) return { keyOf: () => '', get: () => undefined, set: () => {} };
  const cache = new LRUCache<string, OpenedToken>({ maxSize: limitBytes, sizeCalculation: sizeOf });
  return {
    keyOf: (token) => hash('sha256', token, 'base64'),
    get: (key) => cache.get(key),
    set: (key, opened) => {
      cache.set(key, opened);
    },
  };
}

function sizeOf({ claims }: OpenedToken): number {
  const textChars = claims.tags.reduce(
    (sum, tag) => sum + tag.length + 16,
    claims.carried.length + claims.subject.length,
  );
  return entryOverheadBytes + 2 * textChars;
}
