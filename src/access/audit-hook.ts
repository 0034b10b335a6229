import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '../platform/http/server.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditLog } from './audit.ts';
import type { Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    isAudited: boolean;
  }
}

export interface AuditHookDeps {
  readonly audit: AuditLog;
  readonly logger: Logger;
  /** What a route does, as noun.verb. */
  readonly actionOf: (method: string, route: string) => string;
  /** Whose a thing is that somebody of all organisations has changed. */
  readonly organisationOf: (action: string, target: string) => Promise<string | undefined>;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];
/** What an id can be. Anything else in its place may be a secret that somebody has mistaken for one. */
const idShape = /^[a-z0-9-]{1,40}$/;
/** Members of a body that say what was changed, and can hold no secret and no claim. */
const toldMembers = ['name', 'enabled', 'scopes', 'expiresIn', 'organisationId', 'acceptOldUntil'];

/**
 * Writes a line for every request that changes something or tries to: who, what, to what, and what came of it. It is
 * durable before a success is answered. Requests of nobody whom we know are not told: they change nothing.
 */
export function registerAuditHook(server: HttpServer, deps: AuditHookDeps): void {
  server.decorateRequest('isAudited', false);
  server.addHook('onRoute', (route) => {
    const { access, isReadOnly } = route.config ?? {};
    const isSafe = isReadOnly || [route.method].flat().every((method) => safeMethods.includes(method));
    if (isSafe || access === undefined || access === 'public') return;
    const { url } = route;
    // On the route itself, so that exchanges and everything that only reads pay nothing for it.
    route.onSend = [
      ...[route.onSend ?? []].flat(),
      async (request: FastifyRequest, reply: FastifyReply) => {
        const { principal } = request;
        // An error of this hook comes here again, as the answer.
        if (principal === undefined || request.isAudited) return;
        request.isAudited = true;
        await record(request, reply, { principal, route: url }, deps);
      },
    ];
  });
}

async function record(
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, route }: { principal: Principal; route: string },
  { audit, logger, actionOf, organisationOf }: AuditHookDeps,
): Promise<void> {
  const isOk = reply.statusCode < 400;
  try {
    const action = actionOf(request.method, route);
    const target = targetOf(request, reply);
    await audit.record({
      actor: `api-token:${principal.tokenId}`,
      action,
      target,
      result: isOk ? 'OK' : 'FAIL',
      details: { status: reply.statusCode, ...(isOk && changesIn(request.body)) },
      organisationId: principal.organisationId ?? (await organisationOf(action, target)),
    });
  } catch (error) {
    // What failed is answered as it failed; what succeeded and cannot be told is not answered as a success.
    if (isOk) throw error;
    logger.warn({ err: error, route }, 'a refused change is not in the audit log');
  }
}

/** The id in the path, else that of what was made. */
function targetOf(request: FastifyRequest, reply: FastifyReply): string {
  const id = (request.params as { id?: string } | undefined)?.id;
  const made = String(reply.getHeader('location') ?? '').split('/');
  const target = id ?? made.at(-1) ?? '';
  return idShape.test(target) ? target : '';
}

function changesIn(body: unknown): object {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([member]) => toldMembers.includes(member)));
}
