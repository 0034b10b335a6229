import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

const KiB = 1024;

/** A URL of 16 KiB, and as many headers as Node takes by default. Neither takes room from the other. */
const maxUrlBytes = 16 * KiB;
const maxHeaderBytes = 16 * KiB;

/** What the parser has to take for both; beyond it there is no request at all, and no route. */
export const parserLimitBytes = maxUrlBytes + maxHeaderBytes;

/** Answers 414 and 431 before anything is done with what is too large. */
export function limitSizes(server: Pick<FastifyInstance, 'addHook'>): void {
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    if ((raw.url ?? '').length > maxUrlBytes) return done(new AppError(platformErrors.uri_too_long));
    let bytes = 0;
    for (const text of raw.rawHeaders) bytes += text.length;
    done(bytes > maxHeaderBytes ? new AppError(platformErrors.headers_too_large) : undefined);
  });
}
