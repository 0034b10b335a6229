/** The properties of a token that decide whether it is revoked. */
export interface RevocableToken {
  /** Digest that identifies the token (token-cache.ts). */
  readonly digest: string;
  readonly configurationId: string;
  readonly subject: string;
  /** `iat` of the token in seconds. Undefined if the token has none. */
  readonly issuedAtS: number | undefined;
}

/** An open session: when it started, and the token that was exchanged for it. */
export interface RevocableSession extends RevocableToken {
  readonly sessionId: string;
  readonly startedAtMs: number;
}

/**
 * Checks revocations. The revocations are in memory and at most 2 s old, because every exchange calls a check, which
 * must not do I/O.
 */
export interface Revocations {
  /** Returns whether the token is revoked, so that it can no longer start a session. */
  isRevoked(token: RevocableToken): boolean;
  /**
   * Returns whether a revocation with `endSessions` has ended a session. Such a revocation also ends sessions that a
   * gateway has started because it had not loaded the revocation yet.
   */
  isSessionEnded(session: RevocableSession): boolean;
}

export const noRevocations: Revocations = { isRevoked: () => false, isSessionEnded: () => false };
