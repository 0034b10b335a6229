import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { noteFailure, type Outcomes } from '../exchange/outcomes.ts';
import type { EntryMarks } from '../sessions/entry-cookies.ts';
import { findSession, renewWhenDue, type SessionRoutesDeps } from '../sessions/session-routes.ts';
import type { SessionClaims } from '../sessions/session-token.ts';
import type { Assertions } from './assertions.ts';
import { forwardAuthSchema } from './forward-auth-schema.ts';
import type { CountPageLoad } from './page-loads.ts';
import { viewerAssertion, viewerHeaders } from './viewer-headers.ts';

export interface ForwardAuthDeps extends SessionRoutesDeps {
  readonly assertions: Assertions;
  readonly countPageLoad: CountPageLoad;
  readonly entryMarks: EntryMarks;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
}

const path = '/api/v1/wat/session';
/** Asks for 200 in place of 204: Envoy's ext_authz takes every other status for a refusal. */
const statusHeader = 'x-wat-answer';

/**
 * Says to a proxy in front of an application who a request is from: 204 with headers, or 401. It is asked for every
 * request that the application gets, and never heeds what that request's method, path or body are.
 */
export function registerForwardAuth(server: HttpServer, deps: ForwardAuthDeps): void {
  const { sessions, assertions } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply) {
    reply.header('cache-control', 'no-store');
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
  // Envoy asks with the method of the request that it asks for. Before a body is read, which it does not send.
  server.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: path,
    config: { access: 'public' },
    schema: { hide: true },
    onRequest: answer,
    handler: () => undefined,
  });
}

/** What a browser says of a request that a page is loaded with (Fetch Metadata Request Headers, 2.2). */
function isPageLoad({ query, headers }: FastifyRequest): boolean {
  const { count } = query as { count?: string | string[] };
  return [count].flat().includes('navigations') && headers['sec-fetch-mode'] === 'navigate';
}

async function countPageLoad(
  claims: SessionClaims,
  { cookies }: FastifyRequest,
  { countPageLoad, entryMarks, outcomes, clock }: ForwardAuthDeps,
): Promise<void> {
  try {
    outcomes.count('page-load', await countPageLoad(claims, entryMarks.read(cookies, clock.nowMs())));
  } catch (error) {
    noteFailure('page-load', error, outcomes);
    throw error;
  }
}
