import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

const KiB = 1024;

/** Maximum sizes of the URL and of the headers. The header limit is Node's default. */
const maxUrlBytes = 16 * KiB;
const maxHeaderBytes = 16 * KiB;

/**
 * Limit of Node's parser for URL and headers together. The parser rejects larger requests before they reach a route.
 */
export const parserLimitBytes = maxUrlBytes + maxHeaderBytes;

/** Returns 414 or 431 if the URL or the headers are too large, before any other hook runs. */
export function limitSizes(server: Pick<FastifyInstance, 'addHook'>): void {
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    if ((raw.url ?? '').length > maxUrlBytes) return done(new AppError(platformErrors.uri_too_long));
    let bytes = 0;
    for (const text of raw.rawHeaders) bytes += text.length;
    done(bytes > maxHeaderBytes ? new AppError(platformErrors.headers_too_large) : undefined);
  });
}
