import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/**
 * Makes a server parse JSON bodies strictly. A body that is not UTF-8, has another charset or has a
 * `Content-Encoding` is rejected. A lenient decoder would replace invalid bytes by U+FFFD, so that two names
 * that differ only in these bytes would become equal. An empty body is accepted where the route requires none,
 * because many clients always send a JSON content type.
 */
export function parseJsonStrictly(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0 && !needsBody(request)) return done(null, undefined);
    const fault = findEncodingFault(request, bytes);
    if (fault !== undefined) return done(fault);
    parseJson(request, bytes.toString('utf8'), done);
  });
}

/** Returns the error for a body in another encoding than UTF-8, or undefined. */
export function findEncodingFault({ headers }: FastifyRequest, body: Uint8Array): AppError | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    return unsupported('Send the body without Content-Encoding.');
  if (!isUtf8Charset(headers['content-type'] ?? '')) return unsupported('Send the body in UTF-8.');
  return isUtf8(body) ? undefined : new AppError(platformErrors.invalid_utf8);
}

function unsupported(detail: string): AppError {
  return new AppError(platformErrors.unsupported_media_type, { detail });
}

function needsBody({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.schema?.body !== undefined;
}

const charsetParameter = /;\s*charset\s*=\s*"?([^";\s]*)"?/i;

/** Returns whether a content type has no charset parameter, or UTF-8. */
function isUtf8Charset(contentType: string): boolean {
  const charset = charsetParameter.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
