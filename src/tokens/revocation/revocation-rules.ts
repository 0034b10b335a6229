import { createHash } from 'node:crypto';

export type RevocationKind = 'token' | 'subject' | 'configuration';

/** Identifies a revocation. */
export interface RevocationKey {
  readonly kind: RevocationKind;
  readonly configurationId: string;
  /** The digest of the token (token-cache.ts) or of the subject; empty for a configuration. */
  readonly digest: string;
}

export interface Revocation extends RevocationKey {
  /** For a subject or a configuration: the cut-off that `iat` is compared with. */
  readonly revokedAtMs: number;
  /** When its sessions were ended. Undefined: they continue. */
  readonly sessionsEndedAtMs: number | undefined;
  /** The `exp` of a token. Undefined: it never expires. */
  readonly expiresAtMs: number | undefined;
}

/** An `iat` beyond this (the year 5138) is taken for milliseconds: it would be later than every cut-off. */
const maxPlausibleS = 1e11;

/**
 * Returns whether a token counts as created at or before a cut-off. An `iat` has any precision, a cut-off has
 * milliseconds: an `iat` within the millisecond of the cut-off counts as before it. A token without a plausible `iat` may
 * be of any age, so it is cut off. The comparison uses seconds, the unit of the token: 524.287 * 1000 is slightly more
 * than 524287.
 */
export function isCutOff(issuedAtS: number | undefined, cutOffMs: number): boolean {
  if (issuedAtS === undefined || !(issuedAtS <= maxPlausibleS)) return true;
  return issuedAtS < (cutOffMs + 1) / 1000;
}

/** Returns the digest of a viewer. The store keeps no names, and a name may be longer than the key of a store. */
export function digestOfSubject(subject: string): string {
  return createHash('sha256').update(subject, 'utf8').digest('base64url');
}

/**
 * Returns two revocations of the same target as one. The order does not matter, because the stricter values win: a token
 * is revoked since the earlier instant, and a cut-off moves to the later one.
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
