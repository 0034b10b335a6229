import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { WatClaims } from '../claims/claims.ts';

/** An opened token: its configuration, its key and its claims. */
export interface OpenedToken {
  /** The digest that identifies the token (`digestOfToken`). */
  readonly digest: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly keyId: string;
  readonly claims: WatClaims;
  /** True if the token comes from the cache, so that its object will be used again: derived values can be cached too. */
  readonly isCached: boolean;
}

/** Caches opened tokens, so that a link that many people use does not cost an RSA operation each time. */
export interface TokenCache {
  get(digest: string): OpenedToken | undefined;
  /** Stores a token under its digest, so that the cache contains no token texts. */
  set(opened: OpenedToken): void;
}

/**
 * Returns the digest that identifies a token in caches and revocations: SHA-256 of its text, base64url. Text and bytes
 * of an opened token correspond one to one, since only the canonical spelling opens (jwe.ts).
 */
export function digestOfToken(canonical: string): string {
  return hash('sha256', canonical, 'base64url');
}

/** The memory of an entry besides its texts, measured and rounded up. */
const entryOverheadBytes = 700;
/** The longest text that other caches may attach to a cached token. Every entry reserves memory for one. */
export const maxAttachedChars = 2048;
/** The characters of an attached text besides those of the token's own texts. */
const attachedOverheadChars = 400;

/**
 * Returns a cache that is bounded by memory and evicts the least recently used token; a limit of 0 disables it. It holds
 * only tokens in their canonical spelling. Each use checks again whether a cached token is accepted (token-opener.ts,
 * exchange.ts), so that expiry, disabling and deletion take effect at once.
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
