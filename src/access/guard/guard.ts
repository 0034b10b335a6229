import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { forbidStoring } from '../../platform/http/problems/cache-rules.ts';
import type { AccessRule } from '../../platform/http/routes/access-rule.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { ApiTokens } from '../api-tokens/api-tokens.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { Principal } from '../principal/principal.ts';
import type { FailedAttempts } from '../sign-in/failed-attempts.ts';
import { requireSameOrigin, uiCookie } from '../sign-in/ui-cookie.ts';
import type { UiSessions } from '../sign-in/ui-sessions.ts';

export interface GuardDeps {
  readonly tokens: ApiTokens;
  readonly uiSessions: UiSessions;
  readonly failedAttempts: FailedAttempts;
  /** Public address of watmeter from the setting PUBLIC_URL, if it is set. */
  readonly publicUrl: string | undefined;
}

/**
 * Registers a guard that enforces each route's access rule before the body is read. Throws at startup if a route
 * under /api has no rule.
 */
export function registerGuard(server: HttpServer, deps: GuardDeps): void {
  server.decorateRequest('principal', undefined);
  server.addHook('onRoute', (route) => {
    const rule = route.config?.access;
    if (rule === undefined && route.url.startsWith('/api/'))
      throw new Error(`${route.url} has no access rule`);
    if (rule === undefined || rule === 'public') return;
    // The guard is added per route, so that public routes such as the exchange have no extra cost.
    route.onRequest = [
      async (request: FastifyRequest, reply: FastifyReply) => {
        forbidStoring(reply);
        request.principal = await authenticate(request, deps);
        requireScope(request.principal, rule);
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}

/**
 * Returns the principal of a request's bearer token or dashboard cookie, without a scope check. The cookie is used
 * only if the request has no Authorization header: `authenticate` checks the origin only for such requests.
 * @throws AppError `rate_limited` after too many wrong secrets.
 */
export async function identify(request: FastifyRequest, deps: GuardDeps): Promise<Principal | undefined> {
  if (request.headers.authorization !== undefined) {
    const bearer = bearerOf(request);
    if (bearer === undefined) return undefined;
    const { principal, isSecretWrong } = await deps.tokens.attempt(bearer);
    if (isSecretWrong) deps.failedAttempts.count(request, bearer);
    return principal;
  }
  const sessionId = request.cookies[uiCookie];
  return sessionId === undefined ? undefined : (await deps.uiSessions.find(sessionId))?.principal;
}

/**
 * Returns whether a request that passed the guard still has the required scope for the same organisation. The check
 * of a bearer token is not logged, so a stream can repeat it.
 */
export async function isStillAllowed(request: FastifyRequest, deps: GuardDeps): Promise<boolean> {
  const { principal: before } = request;
  const rule = request.routeOptions.config.access;
  if (before === undefined || rule === undefined || rule === 'public') return false;
  const bearer = bearerOf(request);
  const now = bearer === undefined ? await identify(request, deps) : await deps.tokens.check(bearer);
  if (now === undefined || now.organisationId !== before.organisationId) return false;
  return rule === 'signed-in' || now.scopes.includes(rule.scope);
}

/** Returns the bearer token of a request, or undefined if it has none. */
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
  throw new AppError(accessErrors.insufficient_scope, {
    detail: `This operation needs the scope ${rule.scope}.`,
  });
}
