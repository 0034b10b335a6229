import { checkClaims } from '../claims/claims.ts';
import { digestOfToken } from '../opening/token-cache.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Finding } from './findings.ts';

type RevocationCheck = Pick<Revocations, 'isRevoked'>;

/**
 * Returns an error if the token is revoked. If an exchange would reject the claims, the result is empty, because
 * other findings report the claims.
 */
export function revokedFindings(
  revocations: RevocationCheck,
  token: string,
  configurationId: string,
  payload: unknown,
): Finding[] {
  return isRevoked(revocations, { digest: digestOfToken(token), configurationId }, payload) ? [revoked] : [];
}

/**
 * Returns an error if an exchange would reject a new token with these claims, because the viewer or the configuration
 * was revoked.
 */
export function cutOffFindings(
  revocations: RevocationCheck,
  configurationId: string,
  payload: unknown,
): Finding[] {
  // The digest is empty, because a revocation of a single token cannot apply to a new token, which has a random key.
  return isRevoked(revocations, { digest: '', configurationId }, payload) ? [cutOff] : [];
}

function isRevoked(
  revocations: RevocationCheck,
  token: { readonly digest: string; readonly configurationId: string },
  payload: unknown,
): boolean {
  const checked = checkClaims(payload);
  if (!checked.ok) return false;
  const { subject, issuedAtS } = checked.claims;
  return revocations.isRevoked({ ...token, subject, issuedAtS });
}

const revoked: Finding = {
  level: 'logic',
  path: '/token',
  severity: 'error',
  message: 'was revoked: alone, or with all tokens of its subject or its configuration',
  fix: 'Create another token, with an `iat` after the revocation.',
};
const cutOff: Finding = {
  level: 'logic',
  path: '/iat',
  severity: 'error',
  message: 'is not later than the revocation of this subject or configuration: the token would be rejected',
  fix: 'Set `iat` to the present, in seconds with milliseconds.',
};
