/** A failed request. `status` is 0 if the server did not respond, or if the response is not from this API. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The problem document, which has further members for some codes. */
  readonly problem: unknown;

  constructor(
    status: number,
    detail: string,
    options: { code?: string; retryAfterMs?: number; problem?: unknown } = {},
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
    this.problem = options.problem;
  }
}

const TEMPORARY_STATUSES = new Set([408, 425, 429]);

/** Returns whether a retry of the same request can succeed. */
export function isTemporary({ status }: ApiError): boolean {
  return status < 400 || status >= 500 || TEMPORARY_STATUSES.has(status);
}

/** Returns the error of a response. `body` is the parsed problem document, if there is one. */
export function errorOf(response: Response, body: unknown): ApiError {
  const problem = Object(body) as { detail?: unknown; code?: unknown; errors?: unknown };
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The server answered ${response.status}.`;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(response.status, [detail, ...faultsOf(problem.errors)].join(' '), {
    problem: body,
    ...(typeof problem.code === 'string' && { code: problem.code }),
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
  });
}

function faultsOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((error: { path?: string; message?: string }) =>
    `${error.path ?? ''} ${error.message ?? ''}`.trim(),
  );
}
