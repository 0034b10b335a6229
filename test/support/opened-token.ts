import { checkClaims } from '../../src/tokens/claims/claims.ts';
import { digestOfToken, type OpenedToken } from '../../src/tokens/opening/token-cache.ts';

/** Returns a token in the form that the token opener returns. */
export function createOpenedToken(token: string, claims: object): OpenedToken {
  const checked = checkClaims(JSON.parse(JSON.stringify(claims)));
  if (!checked.ok) throw new Error(checked.claim);
  return {
    digest: digestOfToken(token),
    ...{ configurationId: 'c', organisationId: 'default', keyId: 'k', claims: checked.claims },
    isCached: false,
  };
}
