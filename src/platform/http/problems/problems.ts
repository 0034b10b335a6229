import type { FastifyReply } from 'fastify';
import type { ErrorDefinition, ErrorKind } from '../../errors/define-errors.ts';
import type { AppError, Fault } from '../../errors/errors.ts';

/** HTTP status code for each kind of error. */
export const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  syntax: 400,
  unauthenticated: 401,
  refused: 401,
  forbidden: 403,
  not_found: 404,
  method: 405,
  timeout: 408,
  conflict: 409,
  gone: 410,
  too_large: 413,
  uri_too_long: 414,
  media_type: 415,
  expectation: 417,
  rate_limited: 429,
  meaning: 422,
  headers_too_large: 431,
  internal: 500,
  unavailable: 503,
};

/** A problem document (RFC 9457). It contains no URL, token or claim of the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  /** Additional members of the problem document, which depend on its code (RFC 9457, 3.2). */
  readonly [extension: string]: unknown;
}

export const problemContentType = 'application/problem+json; charset=utf-8';

/** Creates the problem document for an error. */
export function problemOf(
  { code, kind, title, detail: defaultDetail }: ErrorDefinition,
  options: { detail?: string; errors?: readonly Fault[]; [extension: string]: unknown } = {},
): Problem {
  const detail = options.detail ?? defaultDetail;
  return {
    ...{ type: `urn:watmeter:problem:${code}`, title, status: statusOfKind[kind], code },
    ...(detail !== undefined && { detail }),
    ...options,
  };
}

/** Sends an error as a problem document. */
export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const problem = problemOf(error.definition, {
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.faults !== undefined && listed(error.faults)),
    ...error.members,
  });
  return beginError(reply, error).type(problemContentType).send(JSON.stringify(problem));
}

const maxFaults = 50;

/**
 * Returns the first 50 faults, and the number of the others. Without a limit, a response could be larger than its
 * request.
 */
function listed(faults: readonly Fault[]): { errors: readonly Fault[]; moreErrors?: number } {
  if (faults.length <= maxFaults) return { errors: faults };
  return { errors: faults.slice(0, maxFaults), moreErrors: faults.length - maxFaults };
}

/** Sets the status and headers of an error response, for any body format. */
export function beginError(reply: FastifyReply, error: AppError): FastifyReply {
  const { challenge } = error.definition;
  if (challenge !== undefined) reply.header('www-authenticate', `${challenge} realm="watmeter"`);
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply.code(statusOfKind[error.kind]).header('cache-control', 'no-store');
}
