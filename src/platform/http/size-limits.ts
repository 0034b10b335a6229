import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

const KiB = 1024;

/** Maximum sizes of the URL and of the headers. The header limit is Node's default. */
const maxUrlBytes = 16 * KiB;
const maxHeaderBytes = 16 * KiB;
/** Node drops further header lines without an error, so a request with as many is incomplete. */
const maxHeaderLines = 1000;

/**
 * Parser limit for URL and headers together, before any route runs. It leaves room for a URL of 128 KiB, because
 * the parser does not report which of the two is too large.
 */
export const parserLimitBytes = 128 * KiB + maxHeaderBytes;

/**
 * Checks the request line and the headers before any other hook runs. Returns 414 or 431 if the URL or the
 * headers are too large, and 400 without exactly one Host (RFC 9112, 3.2; optional in HTTP/1.0).
 */
export function limitSizes(server: Pick<FastifyInstance, 'addHook'>): void {
  server.addHook('onRequest', (request, _reply, done) => done(findFault(request)));
}

function findFault({ raw }: FastifyRequest): AppError | undefined {
  if ((raw.url ?? '').length > maxUrlBytes) return new AppError(platformErrors.uri_too_long);
  const { rawHeaders } = raw;
  let bytes = 0;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    bytes += name.length + (rawHeaders[at + 1] ?? '').length;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (bytes > maxHeaderBytes || rawHeaders.length >= 2 * maxHeaderLines)
    return new AppError(platformErrors.headers_too_large);
  if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) return undefined;
  return new AppError(platformErrors.bad_request, { detail: 'Send exactly one Host header.' });
}
