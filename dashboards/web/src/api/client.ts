import createClient from 'openapi-fetch';
import { observeServerDate } from '../lib/clock.ts';
import { ApiError, errorOf } from './errors.ts';
import type { paths } from './schema.ts';

const TIMEOUT_MS = 15_000;

/** Typed client of the API. `call` turns its results into values and errors. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  cache: 'no-store',
  headers: { accept: 'application/json' },
  fetch: async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(request, { signal });
    observeServerDate(response.headers.get('date'));
    return response;
  },
});

/**
 * Headers of a change without a body. The server accepts a change with the session cookie only as JSON, because a page of
 * another origin cannot send JSON without permission.
 */
export const withoutBody = { headers: { 'content-type': 'application/json' } } as const;

interface Result<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the JSON of a response. @throws ApiError, or the reason of `signal` if the caller aborted.
 */
export async function call<Data>(pending: Promise<Result<Data>>, signal?: AbortSignal): Promise<Data> {
  const { data, error, response } = await pending.catch((cause: unknown) => {
    signal?.throwIfAborted();
    // A body without JSON is not from this API; it is, for example, the login page of a proxy.
    const isForeign = cause instanceof SyntaxError;
    throw new ApiError(
      0,
      isForeign ? 'The response of the server is not JSON.' : 'The server does not respond.',
    );
  });
  if (!response.ok) throw errorOf(response, error);
  return data as Data;
}
