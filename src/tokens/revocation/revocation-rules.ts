import { createHash } from 'node:crypto';

export type RevocationKind = 'token' | 'subject' | 'configuration';

/** Identifies a revocation. */
export interface RevocationKey {
  readonly kind: RevocationKind;
  readonly configurationId: string;
  /** Digest of the token (token-cache.ts) or of the subject. Empty for a configuration. */
  readonly digest: string;
}

export interface Revocation extends RevocationKey {
  /** For a subject or a configuration: the cut-off. Tokens with an `iat` at or before it are revoked. */
  readonly revokedAtMs: number;
  /** When sessions of the revoked tokens were ended. Undefined: they continue. */
  readonly sessionsEndedAtMs: number | undefined;
  /** Expiry of the revoked token (`exp`). Undefined: it never expires. */
  readonly expiresAtMs: number | undefined;
}

/**
 * An `iat` above this (the year 5138) is assumed to be in milliseconds, because it would be later than every cut-off.
 */
const maxPlausibleS = 1e11;

/**
 * Returns whether a token counts as created at or before a cut-off. An `iat` can have any precision, and a cut-off has
 * milliseconds. An `iat` within the cut-off's millisecond counts as before it. A token without a plausible `iat` can
 * have any age, so it is cut off too. The comparison uses seconds, the unit of the token, because 524.287 * 1000 is
 * slightly more than 524287.
 */
export function isCutOff(issuedAtS: number | undefined, cutOffMs: number): boolean {
  if (issuedAtS === undefined || !(issuedAtS <= maxPlausibleS)) return true;
  return issuedAtS < (cutOffMs + 1) / 1000;
}

/** Returns the digest of a viewer. The store keeps no names, and a name may be too long for a key in the store. */
export function digestOfSubject(subject: string): string {
  return createHash('sha256').update(subject, 'utf8').digest('base64url');
}

/**
 * Merges two revocations of the same target. The order does not matter, because the stricter values win: the earlier
 * instant for a token, and the later cut-off for a subject or a configuration.
 */
export function mergeRevocations(first: Revocation, second: Revocation): Revocation {
  const earlierOrLater = first.kind === 'token' ? Math.min : Math.max;
  const sessionsEndedAtMs = Math.max(first.sessionsEndedAtMs ?? 0, second.sessionsEndedAtMs ?? 0);
  return {
    ...first,
    revokedAtMs: earlierOrLater(first.revokedAtMs, second.revokedAtMs),
    sessionsEndedAtMs: sessionsEndedAtMs === 0 ? undefined : sessionsEndedAtMs,
  };
}
