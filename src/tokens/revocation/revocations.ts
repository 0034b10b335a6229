/** A token, as far as revoking it goes. */
export interface RevocableToken {
  /** What the token is known by (token-cache.ts). */
  readonly digest: string;
  readonly configurationId: string;
  readonly subject: string;
  /** Its `iat`, in seconds as the token says it; undefined where it has none. */
  readonly issuedAtS: number | undefined;
}

/** An open session, as far as ending it goes: when it began, and the token that it was given for. */
export interface RevocableSession extends RevocableToken {
  readonly startedAtMs: number;
}

/** What has been revoked, in memory: asked at each exchange, it must cost nothing. At most 2 s old. */
export interface Revocations {
  /** Whether this token gets no new session. */
  isRevoked(token: RevocableToken): boolean;
  /**
   * Whether this session was ended by a revocation with `endSessions`. One that a gateway has still given for a
   * revoked token, while it did not know of the revocation, is ended as well.
   */
  isSessionEnded(session: RevocableSession): boolean;
}

export const noRevocations: Revocations = { isRevoked: () => false, isSessionEnded: () => false };
