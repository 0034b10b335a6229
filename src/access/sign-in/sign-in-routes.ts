import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { forbidStoring } from '../../platform/http/problems/cache-rules.ts';
import type { AnswerHeader } from '../../platform/http/routes/route-schema.ts';
import { NoQuery, strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { accessErrors } from '../declarations/errors.ts';
import { accessExamples } from '../declarations/examples.ts';
import type { Principal } from '../principal/principal.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { requireSameOrigin, uiCookie } from './ui-cookie.ts';
import type { UiSessions } from './ui-sessions.ts';

export interface SignInRoutesDeps {
  readonly uiSessions: UiSessions;
  readonly failedAttempts: FailedAttempts;
  /** Public address of watmeter from the setting PUBLIC_URL, if it is set. */
  readonly publicUrl: string | undefined;
}

const UiSession = Type.Object(
  {
    tokenName: Type.String({ description: 'The name of the API token that signed in' }),
    scopes: Type.Array(Type.String()),
    expiresAt: Type.String({ format: 'date-time' }),
  },
  {
    title: 'UiSession',
    examples: [
      { tokenName: 'Monthly export', scopes: ['usage:read'], expiresAt: '2026-11-21T21:00:00.000Z' },
    ],
  },
);
const SignIn = Type.Object(
  { token: Type.String({ maxLength: 4096, description: 'An API token' }) },
  { ...strict, title: 'SignIn', examples: [{ token: accessExamples.apiToken.value }] },
);

const cookieHeader: AnswerHeader = {
  name: 'set-cookie',
  component: 'dashboard-cookie',
  description: 'watmeter_ui: HttpOnly, SameSite=Strict',
};

const path = '/api/v1/ui/session';

/** Registers the routes for dashboard sign-in and sign-out. Sign-in exchanges an API token for an HttpOnly cookie. */
export function registerUiSessionRoutes(server: HttpServer, deps: SignInRoutesDeps): void {
  registerSignIn(server, deps);
  registerSignedIn(server, deps);
  registerSignOut(server, deps);
}

const tags = ['dashboard'];

function registerSignIn(
  server: HttpServer,
  { uiSessions, failedAttempts, publicUrl }: SignInRoutesDeps,
): void {
  server.post(
    path,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in to the dashboard',
        tags,
        querystring: NoQuery,
        body: SignIn,
        response: { 201: UiSession },
        answerHeaders: [cookieHeader],
        errors: [
          accessErrors.unauthenticated,
          accessErrors.cross_origin,
          platformErrors.rate_limited,
          platformErrors.control_store_unavailable,
        ],
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const apiToken = request.body.token.trim();
      const session = await uiSessions.open(apiToken);
      if (session === undefined) {
        failedAttempts.count(request, apiToken);
        throw new AppError(accessErrors.unauthenticated, { detail: 'This API token is not valid.' });
      }
      const previousId = request.cookies[uiCookie];
      if (previousId !== undefined) await uiSessions.close(previousId);
      setCookie(request, reply, { publicUrl, value: session.id, maxAgeS: Math.floor(session.ttlMs / 1000) });
      forbidStoring(reply);
      reply.code(201);
      return answerOf(session.principal, session.expiresAtMs);
    },
  );
}

function registerSignedIn(server: HttpServer, { uiSessions }: SignInRoutesDeps): void {
  server.get(
    path,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getSignedIn',
        summary: 'Get the signed-in API token',
        tags,
        security: [{ dashboard: [] }],
        querystring: NoQuery,
        response: { 200: UiSession },
        errors: [accessErrors.unauthenticated, platformErrors.control_store_unavailable],
      },
    },
    async (request, reply) => {
      const id = request.cookies[uiCookie];
      const session = id === undefined ? undefined : await uiSessions.find(id);
      if (session === undefined)
        throw new AppError(accessErrors.unauthenticated, { detail: 'No dashboard is signed in.' });
      forbidStoring(reply);
      return answerOf(session.principal, session.expiresAtMs);
    },
  );
}

function registerSignOut(server: HttpServer, { uiSessions, publicUrl }: SignInRoutesDeps): void {
  server.delete(
    path,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out of the dashboard',
        tags,
        security: [{ dashboard: [] }, {}],
        querystring: NoQuery,
        response: { 204: Type.Null() },
        answerHeaders: [cookieHeader],
        errors: [accessErrors.cross_origin, platformErrors.control_store_unavailable],
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const id = request.cookies[uiCookie];
      if (id !== undefined) await uiSessions.close(id);
      setCookie(request, reply, { publicUrl, value: '', maxAgeS: 0 });
      forbidStoring(reply);
      reply.code(204);
      return null;
    },
  );
}

interface UiCookieValue {
  readonly publicUrl: string | undefined;
  readonly value: string;
  readonly maxAgeS: number;
}

function setCookie(
  { protocol }: FastifyRequest,
  reply: FastifyReply,
  { publicUrl, value, maxAgeS }: UiCookieValue,
): void {
  const secure = (publicUrl ?? `${protocol}:`).startsWith('https:');
  reply.setCookie(uiCookie, value, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: maxAgeS,
  });
}

function answerOf({ tokenName, scopes }: Principal, expiresAtMs: number) {
  return { tokenName, scopes: [...scopes], expiresAt: new Date(expiresAtMs).toISOString() };
}
