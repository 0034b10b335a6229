import { createHmac } from 'node:crypto';

/**
 * The pseudonym of a token's subject: HMAC-SHA-256 under the organisation's key, 32 hex digits. Distinct viewers
 * can be counted, names never leave the gateway, and destroying the key forgets them all.
 */
export function viewerOf(organisationKey: Uint8Array, subject: string): string {
  return createHmac('sha256', organisationKey).update(subject).digest('hex').slice(0, 32);
}
