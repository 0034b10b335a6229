import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { forbidStoring } from '../../platform/http/problems/cache-rules.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { type Outcomes, recordFailure } from '../exchange/outcomes.ts';
import { isPrefetch } from '../links/link-visitors.ts';
import type { EntryCookies } from '../sessions/entry-cookies.ts';
import type { SessionClaims } from '../sessions/sealed/session-token.ts';
import { findSession, renewWhenDue, type SessionRoutesDeps } from '../sessions/session-routes.ts';
import type { Assertions } from './assertions.ts';
import { endSessionSchema, forwardAuthSchema } from './forward-auth-schema.ts';
import { countsPageLoads, isPageLoad } from './page-load-requests.ts';
import type { CountPageLoad } from './page-loads.ts';
import { viewerAssertion, viewerHeaders } from './viewer-headers.ts';

export interface ForwardAuthDeps extends SessionRoutesDeps {
  readonly assertions: Assertions;
  readonly countPageLoad: CountPageLoad;
  readonly endSession: (claims: SessionClaims) => Promise<void>;
  readonly entryCookies: EntryCookies;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
}

const path = '/api/v1/wat/session';
/**
 * Name of a request header. With the value 200, the response has status 200 instead of 204, because Envoy's ext_authz
 * treats every other status as a denial.
 */
const statusHeader = 'x-wat-answer';

/**
 * Registers forward-auth. The proxy calls it before it forwards a request to the application. The response is 204
 * with the viewer in headers, or 401. The original request's method, path and body do not affect the response. A DELETE
 * request that a client sends directly to this route ends the session instead.
 */
export function registerForwardAuth(server: HttpServer, deps: ForwardAuthDeps): void {
  const { sessions, assertions } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply) {
    forbidStoring(reply);
    const counts = countsPageLoads(request);
    if (counts && isPrefetch(request.headers)) throw new AppError(gatewayErrors.prefetch_refused);
    const session = await findSession(request, sessions);
    if (counts && isPageLoad(request)) await countPageLoad(session.claims, request, deps);
    await renewWhenDue(session, reply, deps);
    reply.headers(viewerHeaders(session.claims));
    reply.header('x-wat-assertion', await assertions.sign(viewerAssertion(session.claims)));
    return reply.code(request.headers[statusHeader] === '200' ? 200 : 204).send();
  }

  server.get(
    path,
    {
      config: { access: 'public' },
      schema: forwardAuthSchema,
    },
    answer,
  );
  // Envoy calls forward-auth with the method of the original request but without a body. `onRequest` responds before
  // Fastify reads a body.
  server.route({
    method: ['POST', 'PUT', 'PATCH', 'OPTIONS'],
    url: path,
    config: { access: 'public' },
    schema: { hide: true },
    onRequest: answer,
    handler: () => undefined,
  });
  server.route({
    method: 'DELETE',
    url: path,
    config: { access: 'public' },
    schema: endSessionSchema,
    onRequest: async (request, reply) => {
      if (isForwarded(request)) return answer(request, reply);
      forbidStoring(reply);
      await endOpenSession(request, deps);
      deps.cookies.clearSession(reply);
      return reply.code(204).send(null);
    },
    handler: () => undefined,
  });
}

/**
 * Returns whether a proxy has sent this request for a client's own DELETE request. Such a request must not end the
 * session. It is recognised by the header that Envoy sends or by a query string.
 */
function isForwarded({ headers, url }: FastifyRequest): boolean {
  return headers[statusHeader] !== undefined || url.includes('?');
}

/** Ends the session of a request. Without an open session, it does nothing, so that a sign-out can be repeated. */
async function endOpenSession(
  request: FastifyRequest,
  { sessions, endSession }: ForwardAuthDeps,
): Promise<void> {
  try {
    await endSession((await findSession(request, sessions)).claims);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== gatewayErrors.session_invalid.code) throw error;
  }
}

async function countPageLoad(
  claims: SessionClaims,
  { cookies }: FastifyRequest,
  { countPageLoad, entryCookies, outcomes, clock }: ForwardAuthDeps,
): Promise<void> {
  try {
    outcomes.count('page-load', await countPageLoad(claims, entryCookies.read(cookies, clock.nowMs())));
  } catch (error) {
    recordFailure('page-load', error, outcomes);
    throw error;
  }
}
