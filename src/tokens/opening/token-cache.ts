import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { WatClaims } from '../claims/claims.ts';

/** A token that was opened: whose it is, by which key, and what it claims. */
export interface OpenedToken {
  /** What it is known by (`digestOfToken`). */
  readonly digest: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly keyId: string;
  readonly claims: WatClaims;
  /** It was used before and is likely to come again: what follows from it is worth keeping. */
  readonly recalled: boolean;
}

/** Remembers opened tokens, so that a link that many people use does not cost an RSA operation each time. */
export interface OpenedTokens {
  get(digest: string): OpenedToken | undefined;
  /** Under its digest, so that the memory holds no tokens. */
  set(opened: OpenedToken): void;
}

/**
 * What a token is known by, to those who remember it and those who revoke it: SHA-256, base64url. Of its text, which
 * for a token that is opened stands for its bytes: only their one canonical spelling is (jwe.ts).
 */
export function digestOfToken(canonical: string): string {
  return hash('sha256', canonical, 'base64url');
}

/** What an entry costs beside its texts: measured, rounded up. */
const entryOverheadBytes = 700;
/** The longest text that may be kept with a token that comes again (OpenedToken.recalled); it is counted from the first. */
export const maxKeptChars = 2048;
/** What such a text has beside the token's own ones. */
const keptOverheadChars = 400;

/**
 * Bounded by memory, least recently used first out. Only tokens in
 * their one canonical spelling are ever remembered. Whether a remembered token still counts is asked anew at
 * each use (token-opener.ts, exchange.ts): expiry, disabling and deletion act at once.
 */
export function createOpenedTokens(limitBytes: number): OpenedTokens {
  if (limitBytes === 0) return { get: () => undefined, set: () => {} };
  const cache = new LRUCache<string, OpenedToken>({ maxSize: limitBytes, sizeCalculation: sizeOf });
  return {
    get: (digest) => cache.get(digest),
    set: (opened) => {
      cache.set(opened.digest, { ...opened, recalled: true });
    },
  };
}

function sizeOf({ claims }: OpenedToken): number {
  const textChars = claims.tags.reduce(
    (sum, tag) => sum + tag.length + 16,
    claims.carried.length + claims.subject.length,
  );
  const keptChars = Math.min(textChars + keptOverheadChars, maxKeptChars);
  return entryOverheadBytes + 2 * (textChars + keptChars);
}
