import type {} from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import type { AccessRule } from '../../platform/http/access-rule.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { ApiTokens } from '../api-tokens/api-tokens.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { Principal } from '../principal/principal.ts';
import { requireSameOrigin, uiCookie } from '../sign-in/ui-cookie.ts';
import type { UiSessions } from '../sign-in/ui-sessions.ts';

export interface GuardDeps {
  readonly tokens: ApiTokens;
  readonly uiSessions: UiSessions;
  /** The origin that browsers see, where it is fixed by a setting. */
  readonly publicUrl: string | undefined;
}

/**
 * Lets a request through only as its route's access rule says. Runs before the body is read. A route under /api
 * without a rule keeps the server from starting.
 */
export function registerGuard(server: HttpServer, deps: GuardDeps): void {
  server.decorateRequest('principal', undefined);
  server.addHook('onRoute', (route) => {
    const rule = route.config?.access;
    if (rule === undefined && route.url.startsWith('/api/'))
      throw new Error(`${route.url} says nothing of access`);
    if (rule === undefined || rule === 'public') return;
    // On the route itself and not for all: an exchange pays nothing for it.
    route.onRequest = [
      async (request: FastifyRequest) => {
        request.principal = await authenticate(request, deps);
        requireScope(request.principal, rule);
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}

/**
 * The principal of a request's bearer token or dashboard cookie, whatever it may do. A cookie counts only where there
 * is no Authorization header at all: then, and only then, the origin is asked for (below).
 */
export async function identify(request: FastifyRequest, deps: GuardDeps): Promise<Principal | undefined> {
  if (request.headers.authorization !== undefined) {
    const bearer = bearerOf(request);
    return bearer === undefined ? undefined : deps.tokens.authenticate(bearer);
  }
  const sessionId = request.cookies[uiCookie];
  return sessionId === undefined ? undefined : (await deps.uiSessions.find(sessionId))?.principal;
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '')?.[1];
}

async function authenticate(request: FastifyRequest, deps: GuardDeps): Promise<Principal> {
  if (request.headers.authorization === undefined) requireSameOrigin(request, deps.publicUrl);
  const principal = await identify(request, deps);
  if (principal !== undefined) return principal;
  throw new AppError(accessErrors.unauthenticated, {
    detail: 'Send a valid API token: Authorization: Bearer wmt_...',
  });
}

function requireScope({ scopes }: Principal, rule: Exclude<AccessRule, 'public'>): void {
  if (rule === 'signed-in' || scopes.includes(rule.scope)) return;
  throw new AppError(accessErrors.insufficient_scope, { detail: `This needs the scope ${rule.scope}.` });
}
