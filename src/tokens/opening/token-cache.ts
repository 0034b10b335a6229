import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { WatClaims } from '../claims/claims.ts';

/** A decrypted token: its configuration, its key and its claims. */
export interface OpenedToken {
  /** Digest that identifies the token (`digestOfToken`). */
  readonly digest: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly keyId: string;
  readonly claims: WatClaims;
  /**
   * True if the token is in the cache. The object is then used again, so values that are derived from it can be
   * cached too.
   */
  readonly isCached: boolean;
}

/** Caches decrypted tokens, so that a link that many people use does not need an RSA operation each time. */
export interface TokenCache {
  get(digest: string): OpenedToken | undefined;
  /** Stores a token under its digest. The cache does not contain the token's text. */
  set(opened: OpenedToken): void;
}

/**
 * Returns the digest that identifies a token in caches and revocations: SHA-256 of its text, in base64url. A token
 * that can be decrypted has only one text, the canonical encoding (jwe.ts), and therefore only one digest.
 */
export function digestOfToken(canonical: string): string {
  return hash('sha256', canonical, 'base64url');
}

/** Memory per cached token in addition to its texts, measured and rounded up. */
const entryOverheadBytes = 700;
/**
 * Maximum length of a text that other caches attach to a cached token. The size of each cached token includes memory
 * for one such text.
 */
export const maxAttachedChars = 2048;
/** Length of an attached text beyond the texts of the token itself. */
const attachedOverheadChars = 400;

/**
 * Creates a cache with a memory limit. It evicts the least recently used tokens. A limit of 0 disables the cache. It
 * contains only tokens in their canonical encoding. Each use of a cached token checks whether the token is still
 * accepted (token-opener.ts, exchange.ts), so that expiry, disabling and deletion take effect immediately.
 */
export function createTokenCache(limitBytes: number): TokenCache {
  if (limitBytes === 0) return { get: () => undefined, set: () => {} };
  const cache = new LRUCache<string, OpenedToken>({ maxSize: limitBytes, sizeCalculation: sizeOf });
  return {
    get: (digest) => cache.get(digest),
    set: (opened) => {
      cache.set(opened.digest, { ...opened, isCached: true });
    },
  };
}

function sizeOf({ claims }: OpenedToken): number {
  const textChars = claims.tags.reduce(
    (sum, tag) => sum + tag.length + 16,
    claims.passthroughClaims.length + claims.subject.length,
  );
  const attachedChars = Math.min(textChars + attachedOverheadChars, maxAttachedChars);
  return entryOverheadBytes + 2 * (textChars + attachedChars);
}
