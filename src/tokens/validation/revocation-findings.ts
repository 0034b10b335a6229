import { checkClaims } from '../claims/claims.ts';
import { digestOfToken } from '../opening/token-cache.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Finding } from './findings.ts';

type RevocationCheck = Pick<Revocations, 'isRevoked'>;

/**
 * Returns an error if the token is revoked. Claims that an exchange rejects are skipped, because they have other
 * findings.
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
 * Returns an error if a new token with these claims would be rejected because its viewer or configuration was revoked.
 */
export function cutOffFindings(
  revocations: RevocationCheck,
  configurationId: string,
  payload: unknown,
): Finding[] {
  // A new token has a random key, so a revocation of a single token cannot cover it.
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
