import { createHash } from 'node:crypto';

export type RevocationKind = 'token' | 'subject' | 'configuration';

/** What a revocation is about. */
export interface RevocationKey {
  readonly kind: RevocationKind;
  readonly configurationId: string;
  /** What the token is known by, the digest of the subject, or nothing for a configuration. */
  readonly digest: string;
}

export interface Revocation extends RevocationKey {
  /** For a subject and a configuration: the cut-off that `iat` is held against. */
  readonly revokedAtMs: number;
  /** Since when its sessions are ended; undefined: they go on. */
  readonly sessionsEndedAtMs: number | undefined;
  /** The `exp` of a token; undefined: it never expires. */
  readonly expiresAtMs: number | undefined;
}

/** Beyond it (the year 5138) an `iat` was meant in milliseconds, and would be later than every cut-off. */
const maxPlausibleS = 1e11;

/**
 * Whether a token was made at or before a cut-off. An `iat` says it as finely as who made it likes, a cut-off to the
 * millisecond: all of that millisecond is before it. A token without a plausible `iat` may have been made at any time.
 * Held in seconds, as the token says it: 524.287 * 1000 is a little more than 524287.
 */
export function isCutOff(issuedAtS: number | undefined, cutOffMs: number): boolean {
  if (issuedAtS === undefined || !(issuedAtS <= maxPlausibleS)) return true;
  return issuedAtS < (cutOffMs + 1) / 1000;
}

/** Names of viewers are not kept; and a name may be longer than a store's key. */
export function digestOfSubject(subject: string): string {
  return createHash('sha256').update(subject, 'utf8').digest('base64url');
}

/**
 * Two revocations of the same, as one: whatever order they come in, the stricter stands. A token was revoked with the
 * first of them, a cut-off moves with the last.
 */
export function merged(one: Revocation, other: Revocation): Revocation {
  const earlierOrLater = one.kind === 'token' ? Math.min : Math.max;
  const ended = Math.max(one.sessionsEndedAtMs ?? 0, other.sessionsEndedAtMs ?? 0);
  return {
    ...one,
    revokedAtMs: earlierOrLater(one.revokedAtMs, other.revokedAtMs),
    sessionsEndedAtMs: ended === 0 ? undefined : ended,
  };
}
