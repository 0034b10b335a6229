/** Token properties that revocations are matched against. */
export interface RevocableToken {
  /** The digest that identifies the token (token-cache.ts). */
  readonly digest: string;
  readonly configurationId: string;
  readonly subject: string;
  /** The token's `iat` in seconds. Undefined if it has none. */
  readonly issuedAtS: number | undefined;
}

/** An open session: when it started, and the token that was exchanged for it. */
export interface RevocableSession extends RevocableToken {
  readonly startedAtMs: number;
}

/** Checks revocations in memory, which are at most 2 s old. Every exchange calls it, so a check does no I/O. */
export interface Revocations {
  /** Returns whether the token is revoked and can no longer start a session. */
  isRevoked(token: RevocableToken): boolean;
  /**
   * Returns whether a revocation with `endSessions` has ended this session. This includes a session that a gateway
   * started for a revoked token before the gateway had loaded the revocation.
   */
  isSessionEnded(session: RevocableSession): boolean;
}

export const noRevocations: Revocations = { isRevoked: () => false, isSessionEnded: () => false };
