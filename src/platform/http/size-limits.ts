import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

const KiB = 1024;

/** Separate limits for the URL and for the headers. The limit for headers is the default of Node. */
const maxUrlBytes = 16 * KiB;
const maxHeaderBytes = 16 * KiB;

/** The limit of the parser for both. It rejects larger requests before any route sees them. */
export const parserLimitBytes = maxUrlBytes + maxHeaderBytes;

/** Answers 414 or 431 when the URL or the headers are too large, before any other hook runs. */
export function limitSizes(server: Pick<FastifyInstance, 'addHook'>): void {
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    if ((raw.url ?? '').length > maxUrlBytes) return done(new AppError(platformErrors.uri_too_long));
    let bytes = 0;
    for (const text of raw.rawHeaders) bytes += text.length;
    done(bytes > maxHeaderBytes ? new AppError(platformErrors.headers_too_large) : undefined);
  });
}
