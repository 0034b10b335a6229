import { createHash } from 'node:crypto';

/**
 * What a revocation applies to. The kind `session` ends one session after a sign-out. All other kinds make tokens
 * invalid.
 */
export type RevocationKind = 'token' | 'subject' | 'configuration' | 'session';

/** Identifies a revocation. */
export interface RevocationKey {
  readonly kind: RevocationKind;
  readonly configurationId: string;
  /** Digest of the token (token-cache.ts) or of the subject. Empty if the revocation is for a configuration. */
  readonly digest: string;
}

export interface Revocation extends RevocationKey {
  /**
   * Time of the revocation. For a subject or a configuration, tokens with this `iat` or an earlier one are revoked.
   */
  readonly revokedAtMs: number;
  /** When open sessions of the revoked tokens were ended. Undefined if they continue. */
  readonly sessionsEndedAtMs: number | undefined;
  /** Expiry of the revoked token (`exp`). Undefined if the token never expires. */
  readonly expiresAtMs: number | undefined;
  /** When the revocation ends and its tokens are valid again. Undefined if the revocation is permanent. */
  readonly untilMs: number | undefined;
}

/** Returns whether a revocation has not reached its end. Sessions that the revocation has ended stay ended afterwards. */
export function isInEffect({ untilMs }: Revocation, nowMs: number): boolean {
  return untilMs === undefined || nowMs < untilMs;
}

/** Seconds in the year 5138. A larger number is assumed to be in milliseconds. */
export const maxPlausibleS = 1e11;
/** Maximum difference between the clock of an issuer and the clock of a gateway. */
const maxClockSkewS = 60;

/** Returns whether an `iat` is more than 60 s later than `nowMs`. No clock explains such an `iat`. */
export function isTooFarAhead(issuedAtS: number, nowMs: number): boolean {
  // The negated comparison also covers NaN.
  return !(issuedAtS <= nowMs / 1000 + maxClockSkewS);
}

/**
 * Returns whether a token counts as created at or before a cut-off. An `iat` can have any precision, and a cut-off has
 * milliseconds. An `iat` within the cut-off's millisecond counts as before it. A token without a plausible `iat` can
 * have any age, so it is cut off too: its creator could choose an `iat` in the future to evade each revocation. The
 * comparison uses seconds, the unit of the token, because 524.287 * 1000 is slightly more than 524287.
 * @param usedAtMs when the token was used. A later `iat` (`isTooFarAhead`) counts as absent.
 */
export function isCutOff(issuedAtS: number | undefined, cutOffMs: number, usedAtMs: number): boolean {
  if (issuedAtS === undefined || isTooFarAhead(issuedAtS, usedAtMs)) return true;
  return issuedAtS < (cutOffMs + 1) / 1000;
}

/**
 * Returns the digest of a viewer. The store contains digests instead of names, because a name may be too long for a
 * key.
 */
export function digestOfSubject(subject: string): string {
  return createHash('sha256').update(subject, 'utf8').digest('base64url');
}

/**
 * Merges two revocations of the same token, subject or configuration. The stricter values are kept, so the order does
 * not matter. The stricter revocation of a token is the earlier one, that of a subject or a configuration the later
 * one.
 */
export function mergeRevocations(first: Revocation, second: Revocation): Revocation {
  const earlierOrLater = first.kind === 'token' ? Math.min : Math.max;
  const sessionsEndedAtMs = Math.max(first.sessionsEndedAtMs ?? 0, second.sessionsEndedAtMs ?? 0);
  return {
    ...first,
    revokedAtMs: earlierOrLater(first.revokedAtMs, second.revokedAtMs),
    sessionsEndedAtMs: sessionsEndedAtMs === 0 ? undefined : sessionsEndedAtMs,
    untilMs:
      first.untilMs === undefined || second.untilMs === undefined
        ? undefined
        : Math.max(first.untilMs, second.untilMs),
  };
}
