/**
 * The reason why no session exists: a code of the gateway's problem documents (`token_expired`, `token_revoked`,
 * `rate_limited`, `journal_unavailable` ...), or one of these three.
 */
export type WatErrorCode =
  /** `requestToken` threw or returned no text; see `cause`. */
  | 'token_request_failed'
  /** The gateway did not answer in time, or does not allow this origin (`ALLOWED_ORIGINS`); see `cause`. */
  | 'gateway_unreachable'
  /** The server that answered is not a watmeter gateway. */
  | 'unexpected_answer'
  | (string & {});

/** The error of every failed call of the client, except errors of `fetch` itself. */
export class WatError extends Error {
  override readonly name = 'WatError';
  readonly code: WatErrorCode;
  /** The HTTP status, if the gateway answered. */
  readonly status: number | undefined;
  /** When to retry, if the gateway says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: WatErrorCode,
    options: { cause?: unknown; status?: number | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(`watmeter: ${code}`, options);
    this.code = code;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Returns whether the gateway reported that the session does not exist. */
export function hasEnded(error: unknown): boolean {
  return error instanceof WatError && error.status === 401;
}
