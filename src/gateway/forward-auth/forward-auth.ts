import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { forbidStoring } from '../../platform/http/problems/cache-rules.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { type Outcomes, recordFailure } from '../exchange/outcomes.ts';
import type { EntryCookies } from '../sessions/entry-cookies.ts';
import { findSession, renewWhenDue, type SessionRoutesDeps } from '../sessions/session-routes.ts';
import type { SessionClaims } from '../sessions/session-token.ts';
import type { Assertions } from './assertions.ts';
import { forwardAuthSchema } from './forward-auth-schema.ts';
import type { CountPageLoad } from './page-loads.ts';
import { viewerAssertion, viewerHeaders } from './viewer-headers.ts';

export interface ForwardAuthDeps extends SessionRoutesDeps {
  readonly assertions: Assertions;
  readonly countPageLoad: CountPageLoad;
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
 * with the viewer in headers, or 401. The original request's method, path and body do not affect the response.
 */
export function registerForwardAuth(server: HttpServer, deps: ForwardAuthDeps): void {
  const { sessions, assertions } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply) {
    forbidStoring(reply);
    const session = await findSession(request, sessions);
    if (isPageLoad(request)) await countPageLoad(session.claims, request, deps);
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
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: path,
    config: { access: 'public' },
    schema: { hide: true },
    onRequest: answer,
    handler: () => undefined,
  });
}

/**
 * Returns whether the request is a page load that must be counted: the proxy requests counting, and the browser
 * navigates (Fetch Metadata Request Headers, 2.2).
 */
function isPageLoad({ query, headers }: FastifyRequest): boolean {
  const { count } = query as { count?: string | string[] };
  return [count].flat().includes('navigations') && headers['sec-fetch-mode'] === 'navigate';
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
