import { createHmac } from 'node:crypto';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';

/** The part of an opened token or a session that determines the pseudonym. */
export interface PseudonymInput {
  readonly organisationId: string;
  /** Whether the same object may be passed again, so that caching helps (OpenedToken.isCached). */
  readonly isCached: boolean;
  readonly claims: Pick<OpenedToken['claims'], 'subject'>;
}

/** Returns the pseudonym of a token's subject. */
export type Pseudonymise = (token: PseudonymInput) => string;

/**
 * Returns a function that computes pseudonyms: the first 32 hex digits of HMAC-SHA-256 of the subject under the
 * organisation's key. Pseudonyms identify distinct viewers. The subject itself never leaves the gateway, and destroying
 * the key makes all pseudonyms anonymous. Pseudonyms of cached tokens are cached as long as the token is.
 */
export function createPseudonymiser(keyOf: (organisationId: string) => Uint8Array): Pseudonymise {
  const pseudonyms = new WeakMap<PseudonymInput, string>();
  return (token) => {
    let pseudonym = token.isCached ? pseudonyms.get(token) : undefined;
    if (pseudonym === undefined) {
      const digest = createHmac('sha256', keyOf(token.organisationId))
        .update(token.claims.subject)
        .digest('hex');
      pseudonym = digest.slice(0, 32);
      if (token.isCached) pseudonyms.set(token, pseudonym);
    }
    return pseudonym;
  };
}
