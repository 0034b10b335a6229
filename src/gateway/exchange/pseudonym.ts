import { createHmac } from 'node:crypto';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';

/** The data of a token or a session from which a pseudonym is computed. */
export interface PseudonymInput {
  readonly organisationId: string;
  /** True if the same object may be passed again, so that caching its pseudonym helps (OpenedToken.isCached). */
  readonly isCached: boolean;
  readonly claims: Pick<OpenedToken['claims'], 'subject'>;
}

/** Returns the pseudonym of a token's subject. */
export type Pseudonymise = (token: PseudonymInput) => string;

/**
 * Creates a function that computes pseudonyms. A pseudonym is the first 32 hex digits of the subject's HMAC-SHA-256
 * with the organisation's key. Pseudonyms distinguish viewers, while the subject itself is not part of the usage
 * data. Destroying the key makes all pseudonyms anonymous. The pseudonym of a cached token is cached together with
 * the token.
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
