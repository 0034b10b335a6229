/**
 * Why there is no session: a code of the gateway's own problem documents (`token_expired`, `token_revoked`,
 * `rate_limited`, `journal_unavailable` ...), or one of these three.
 */
export type WatErrorCode =
  /** `requestToken` threw, or gave no text: see `cause`. */
  | 'token_request_failed'
  /** The gateway was not reached in time, or does not let this origin call it (`ALLOWED_ORIGINS`): see `cause`. */
  | 'gateway_unreachable'
  /** What answered is no watmeter gateway. */
  | 'unexpected_answer'
  | (string & {});

export class WatError extends Error {
  override readonly name = 'WatError';
  readonly code: WatErrorCode;
  /** HTTP status, where the gateway has answered. */
  readonly status: number | undefined;
  /** When to try again, where the gateway says so. */
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

/** Whether the gateway has said that there is no such session. */
export function hasEnded(error: unknown): boolean {
  return error instanceof WatError && error.status === 401;
}
