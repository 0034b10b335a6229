import { observeServerDate } from '../format/clock.ts';

const TIMEOUT_MS = 15_000;

/** A failed request. `status` is 0 if the server did not respond, or if the response is not from this API. */
export class ApiError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, detail: string, retryAfterMs?: number) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /**
   * JSON body. The server requires one for every request with an unsafe method that a cookie authenticates.
   */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Calls the API and returns the JSON of the response. @throws ApiError, or the reason of `signal` if the
 * caller aborted.
 */
export async function request(path: string, options: RequestOptions = {}): Promise<unknown> {
  const { method = 'GET', body, signal } = options;
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: signal
        ? AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
        : AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    observeServerDate(response.headers.get('date'));
    return await readAnswer(response);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, 'The server does not respond.');
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  const json = isJson(response) ? ((await response.json()) as unknown) : undefined;
  if (!response.ok)
    throw new ApiError(response.status, detailOf(json, response.status), retryAfter(response));
  // A 200 without JSON is not from this API; it is, for example, the login page of a proxy. A 201 or 204 has
  // no body.
  if (json === undefined && response.status === 200)
    throw new ApiError(0, 'The response of the server is not JSON.');
  return json;
}

function isJson(response: Response): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
}

function detailOf(problem: unknown, status: number): string {
  const { detail } = Object(problem) as { detail?: unknown };
  return typeof detail === 'string' ? detail : `The server answered ${status}.`;
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
