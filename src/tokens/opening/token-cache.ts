import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { WatClaims } from '../claims/claims.ts';

/** A decrypted token: its configuration, its key and its claims. */
export interface OpenedToken {
  /** The digest that identifies the token (`digestOfToken`). */
  readonly digest: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly keyId: string;
  readonly claims: WatClaims;
  /** True if the token comes from the cache. The object is then used again, so derived values can be cached too. */
  readonly isCached: boolean;
}

/** Caches decrypted tokens, so that a link that many people use does not cost an RSA operation each time. */
export interface TokenCache {
  get(digest: string): OpenedToken | undefined;
  /** Stores a token under its digest, so that the cache does not contain token texts. */
  set(opened: OpenedToken): void;
}

/**
 * Returns the digest that identifies a token in caches and revocations: SHA-256 of its text, in base64url. Text and
 * bytes of a decrypted token correspond one to one, because only the canonical encoding can be decrypted (jwe.ts).
 */
export function digestOfToken(canonical: string): string {
  return hash('sha256', canonical, 'base64url');
}

/** Memory per entry in addition to its texts, measured and rounded up. */
const entryOverheadBytes = 700;
/**
 * Maximum length of a text that other caches attach to a cached token. Every entry reserves memory for one such text.
 */
export const maxAttachedChars = 2048;
/** Characters in an attached text in addition to those in the token's own texts. */
const attachedOverheadChars = 400;

/**
 * Creates a cache with a memory limit, which evicts the least recently used token. A limit of 0 disables it. It
 * contains only tokens in their canonical encoding. Each use checks whether a cached token is still accepted
 * (token-opener.ts, exchange.ts), so that expiry, disabling and deletion take effect at once.
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
