/**
 * Why there is no session: a code from the gateway's problem documents (such as `token_expired`, `token_revoked`,
 * `rate_limited`, `journal_unavailable`), or one of the three codes below.
 */
export type WatErrorCode =
  /** `requestToken` threw or returned no text. `cause` has the details. */
  | 'token_request_failed'
  /**
   * The gateway did not respond in time, or does not allow this origin (`ALLOWED_ORIGINS`). `cause` has the
   * details.
   */
  | 'gateway_unreachable'
  /** The server that responded is not a watmeter gateway. */
  | 'unexpected_answer'
  | (string & {});

/** Thrown by every failed call of the client, except for errors of `fetch` itself. */
export class WatError extends Error {
  override readonly name = 'WatError';
  readonly code: WatErrorCode;
  /** HTTP status, if the gateway responded. */
  readonly status: number | undefined;
  /** When to retry, if the gateway sent it. */
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

/** Returns whether an error means that the session does not exist in the gateway. */
export function hasEnded(error: unknown): boolean {
  return error instanceof WatError && error.status === 401;
}
