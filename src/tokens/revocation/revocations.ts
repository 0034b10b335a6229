/** The properties of a token that a revocation depends on. */
export interface RevocableToken {
  /** The digest that identifies the token (token-cache.ts). */
  readonly digest: string;
  readonly configurationId: string;
  readonly subject: string;
  /** Its `iat` in seconds. Undefined if it has none. */
  readonly issuedAtS: number | undefined;
}

/** An open session: when it began, and the token that it was given for. */
export interface RevocableSession extends RevocableToken {
  readonly startedAtMs: number;
}

/** The revocations in memory, at most 2 s old. Every exchange checks them, so a check does no I/O. */
export interface Revocations {
  /** Returns whether this token gets no new session. */
  isRevoked(token: RevocableToken): boolean;
  /**
   * Returns whether a revocation with `endSessions` ended this session. It also ends a session that a gateway gave for a
   * revoked token before it knew of the revocation.
   */
  isSessionEnded(session: RevocableSession): boolean;
}

export const noRevocations: Revocations = { isRevoked: () => false, isSessionEnded: () => false };
