/** A token, as far as revoking it goes. */
export interface RevocableToken {
  /** SHA-256 of the token's decoded bytes, base64url: however its text is spelled. */
  readonly digest: string;
  readonly configurationId: string;
  readonly subject: string;
  /** Its `iat`; undefined where it has none. */
  readonly issuedAtMs: number | undefined;
}

/** An open session, as far as ending it goes. */
export interface RevocableSession {
  readonly tokenDigest: string;
  readonly configurationId: string;
  readonly subject: string;
  readonly startedAtMs: number;
}

/** What has been revoked, in memory: asked at each exchange, it must cost nothing. At most 2 s old. */
export interface Revocations {
  /** Whether this token gets no new session. */
  isRevoked(token: RevocableToken): boolean;
  /** Whether this session was ended by a revocation with `endSessions`. */
  isSessionEnded(session: RevocableSession): boolean;
}

export const noRevocations: Revocations = { isRevoked: () => false, isSessionEnded: () => false };
