import type { FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { toInstant } from '../../platform/http/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { splitCarried } from './passthrough-claims.ts';
import type { SessionCookies } from './session-cookies.ts';
import { readCredential } from './session-credentials.ts';
import {
  RenewedSession,
  renewedCookieHeader,
  SessionClaimsAnswer,
  sessionSecurity as security,
} from './session-schemas.ts';
import type { SessionClaims } from './session-token.ts';
import type { OpenSession, Session, Sessions } from './sessions.ts';

export interface SessionRoutesDeps {
  readonly sessions: Sessions;
  readonly cookies: SessionCookies;
}

/** What clients and applications ask about an open session. */
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
        summary: 'Who views, and all that the session may show',
        tags,
        security,
        response: { 200: SessionClaimsAnswer },
        errors,
      },
    },
    async (request, reply) => {
      const { claims } = await findSession(request, sessions);
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      return reply.send(claimsText(claims) as never);
    },
  );

  server.post(
    '/api/v1/wat/session/renew',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'renewSession',
        summary: 'Let a session live longer',
        description:
          'The same session, up to SESSION_MAX after its beginning; nothing is counted. By cookie: the cookie is set anew.',
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
      reply.header('cache-control', 'no-store');
      const expiresAt = toInstant(renewed.expiresAtMs);
      if (session.from === 'cookie') {
        // Scripts cannot read the cookie; nor shall they here.
        cookies.setSession(reply, renewed);
        return { sessionId: renewed.sessionId, expiresAt };
      }
      return { ...sessionMembers(renewed), expiresAt };
    },
  );
}

export interface ShownSession extends OpenSession {
  readonly from: 'headers' | 'cookie';
}

/** The session of a request. @throws AppError `session_invalid`. */
export async function findSession(
  request: FastifyRequest,
  sessions: Pick<Sessions, 'find'>,
): Promise<ShownSession> {
  const credential = readCredential(request.headers, request.cookies);
  return { ...(await sessions.find(credential)), from: credential?.from ?? 'headers' };
}

/** Hands out a token that lives longer, where it is time for one: as a cookie to who came with one, else in headers. */
export async function renewWhenDue(
  session: ShownSession,
  reply: FastifyReply,
  { sessions, cookies }: Pick<SessionRoutesDeps, 'sessions' | 'cookies'>,
): Promise<void> {
  if (!sessions.isRenewalDue(session)) return;
  const renewed = await sessions.renew(session);
  if (session.from === 'cookie') return cookies.setSession(reply, renewed);
  reply.header('x-wat-renewed-token', renewed.webSessionToken);
  reply.header('x-wat-renewed-expires', toInstant(renewed.expiresAtMs));
}

function sessionMembers({ sessionId, initialiser, webSessionToken }: Session) {
  return { sessionId, initialiser, initializer: initialiser, webSessionToken };
}

/**
 * Returns the claims as JSON. The carried claims are JSON already, and may nest deeper than `JSON.stringify` can follow.
 * The other members are written one by one, which costs an eighth less than stringifying them as objects.
 */
function claimsText(claims: SessionClaims): string {
  const { grants = 'null', lng = 'null', loc = 'null', thm = 'null' } = splitCarried(claims.carried);
  return (
    `{"sessionId":"${claims.sessionId}","subject":${JSON.stringify(claims.subject)},` +
    `"configurationId":${JSON.stringify(claims.configurationId)},` +
    `"organisationId":${JSON.stringify(claims.organisationId)},` +
    `"grants":${grants},"lng":${lng},"loc":${loc},"thm":${thm},` +
    `"tags":${JSON.stringify(claims.tags)},"expiresAt":"${toInstant(claims.expiresAtMs)}"}`
  );
}
