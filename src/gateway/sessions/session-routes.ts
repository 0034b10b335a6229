import type { FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { forbidStoring } from '../../platform/http/problems/cache-rules.ts';
import { toInstant } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { splitPassthroughClaims } from './passthrough-claims.ts';
import type { SessionClaims } from './sealed/session-token.ts';
import type { SessionCookies } from './session-cookies.ts';
import { readCredential } from './session-credentials.ts';
import {
  RenewedSession,
  renewedCookieHeader,
  SessionClaimsAnswer,
  sessionSecurity as security,
} from './session-schemas.ts';
import type { OpenSession, Session, Sessions } from './sessions.ts';

export interface SessionRoutesDeps {
  readonly sessions: Sessions;
  readonly cookies: SessionCookies;
}

/** Registers two routes for open sessions: one returns the claims, the other renews the session. */
export function registerSessionRoutes(server: HttpServer, deps: SessionRoutesDeps): void {
  const { sessions, cookies } = deps;
  const tags = ['session'];
  const errors = [gatewayErrors.session_invalid, platformErrors.control_store_unavailable];

  server.get(
    '/api/v1/wat/session/claims',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'getSessionClaims',
        summary: 'Get the viewer and the grants of a session',
        tags,
        security,
        response: { 200: SessionClaimsAnswer },
        errors,
      },
    },
    async (request, reply) => {
      const { claims } = await findSession(request, sessions);
      forbidStoring(reply);
      reply.type('application/json; charset=utf-8');
      return reply.send(serializeClaims(claims) as never);
    },
  );

  server.post(
    '/api/v1/wat/session/renew',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'renewSession',
        summary: 'Renew a session',
        description:
          'Extends the same session, up to SESSION_MAX after its start. It does not count a session. If the session came in a cookie, the response sets the renewed cookie.',
        tags,
        security,
        response: { 200: RenewedSession },
        answerHeaders: [renewedCookieHeader],
        errors,
      },
    },
    async (request, reply) => {
      const session = await findSession(request, sessions);
      const renewed = await sessions.renew(session);
      forbidStoring(reply);
      const expiresAt = toInstant(renewed.expiresAtMs);
      if (session.from === 'cookie') {
        // The cookie is HttpOnly. A token in the body would be readable by scripts.
        cookies.setSession(reply, renewed);
        return { sessionId: renewed.sessionId, expiresAt };
      }
      return { ...toMembers(renewed), expiresAt };
    },
  );
}

export interface RequestSession extends OpenSession {
  readonly from: 'headers' | 'cookie';
}

/**
 * Returns the session of a request.
 * @throws AppError `session_invalid` if the request has no open session.
 */
export async function findSession(
  request: FastifyRequest,
  sessions: Pick<Sessions, 'find'>,
): Promise<RequestSession> {
  const credential = readCredential(request.headers, request.cookies);
  return { ...(await sessions.find(credential)), from: credential?.from ?? 'headers' };
}

/**
 * Adds a renewed token to the response if renewal is due. The token is in a cookie if the request's session was in a
 * cookie, otherwise in headers.
 */
export async function renewWhenDue(
  session: RequestSession,
  reply: FastifyReply,
  { sessions, cookies }: Pick<SessionRoutesDeps, 'sessions' | 'cookies'>,
): Promise<void> {
  if (!sessions.isRenewalDue(session)) return;
  const renewed = await sessions.renew(session);
  if (session.from === 'cookie') return cookies.setSession(reply, renewed);
  reply.header('x-wat-renewed-token', renewed.webSessionToken);
  reply.header('x-wat-renewed-expires', toInstant(renewed.expiresAtMs));
}

function toMembers({ sessionId, initialiser, webSessionToken }: Session) {
  return { sessionId, initialiser, initializer: initialiser, webSessionToken };
}

/**
 * Serialises the claims as JSON. The passthrough claims already are JSON, and may be nested too deeply for
 * `JSON.stringify`. The template costs an eighth less than `JSON.stringify` with objects.
 */
function serializeClaims(claims: SessionClaims): string {
  const {
    grants = 'null',
    lng = 'null',
    loc = 'null',
    thm = 'null',
  } = splitPassthroughClaims(claims.passthroughClaims);
  return (
    `{"sessionId":"${claims.sessionId}","subject":${JSON.stringify(claims.subject)},` +
    `"configurationId":${JSON.stringify(claims.configurationId)},` +
    `"organisationId":${JSON.stringify(claims.organisationId)},` +
    `"grants":${grants},"lng":${lng},"loc":${loc},"thm":${thm},` +
    `"tags":${JSON.stringify(claims.tags)},"expiresAt":"${toInstant(claims.expiresAtMs)}"}`
  );
}
