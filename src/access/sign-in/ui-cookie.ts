import type {} from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { accessErrors } from '../declarations/errors.ts';

export const uiCookie = 'watmeter_ui';

/**
 * Throws if a request with an unsafe method does not come from the dashboard's own origin. Browsers send the cookie
 * also with requests of other sites, so the cookie alone does not prove that the user wants the change (CSRF).
 *
 * @throws AppError `cross_origin`.
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  const { origin } = request.headers;
  const ownOrigin =
    publicUrl === undefined ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin;
  if (origin === undefined ? request.cookies[uiCookie] === undefined : origin === ownOrigin) return;
  throw new AppError(accessErrors.cross_origin, {
    detail: 'Requests with a cookie must come from the dashboard itself.',
  });
}
