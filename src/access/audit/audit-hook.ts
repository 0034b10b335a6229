import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Logger } from '../../platform/logger.ts';
import type {} from '../declarations/audit-note.ts';
import type { Principal } from '../principal/principal.ts';
import type { AuditEntry, AuditLog } from './audit.ts';
import type { AuditBuffer } from './audit-buffer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    isAudited: boolean;
  }
}

export interface AuditHookDeps {
  readonly audit: AuditLog;
  readonly auditBuffer: Pick<AuditBuffer, 'note'>;
  readonly logger: Logger;
  /** Returns the audit action of a route, as noun.verb. */
  readonly actionOf: (method: string, route: string) => string;
  /** Returns the organisation that owns the target. Called only if the actor has all organisations. */
  readonly organisationOf: (action: string, target: string) => Promise<string | undefined>;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];
/** Shape of a target that is logged. Other text may be a secret that a caller has pasted by mistake. */
const idShape = /^[a-z0-9-]{1,40}$/;
/** Members of the request body that are logged. They describe the change and cannot contain a secret or a claim. */
const reportedMembers = [
  'name',
  'enabled',
  'scopes',
  'expiresIn',
  'organisationId',
  'acceptOldUntil',
  'configurationIds',
  'endSessions',
  'until',
];

/**
 * Registers a hook that writes an audit entry for each request that changes something or tries to. The entry contains
 * the actor, the action, the target and the result. It is durable before a success response is sent, except on routes
 * with `isAuditedLater`. Unauthenticated requests are not audited, because they change nothing.
 */
export function registerAuditHook(server: HttpServer, deps: AuditHookDeps): void {
  server.decorateRequest('isAudited', false);
  server.decorateRequest('auditNote', undefined);
  server.addHook('onRoute', (route) => {
    const { access, isReadOnly, isAuditedLater } = route.config ?? {};
    const isSafe = isReadOnly || [route.method].flat().every((method) => safeMethods.includes(method));
    if (isSafe || access === undefined || access === 'public') return;
    const { url } = route;
    // The hook is added per route, so that exchanges and read-only routes have no extra cost.
    route.onSend = [
      ...[route.onSend ?? []].flat(),
      async (request: FastifyRequest, reply: FastifyReply) => {
        const { principal } = request;
        // If this hook throws, the error becomes the response, and Fastify calls the hook again for it.
        if (principal === undefined || request.isAudited) return;
        request.isAudited = true;
        const change = { principal, route: url };
        if (isAuditedLater) deps.auditBuffer.note(lineOf(request, reply, change, deps));
        else await record(request, reply, change, deps);
      },
    ];
  });
}

interface Change {
  readonly principal: Principal;
  readonly route: string;
}

async function record(
  request: FastifyRequest,
  reply: FastifyReply,
  change: Change,
  deps: AuditHookDeps,
): Promise<void> {
  const line = lineOf(request, reply, change, deps);
  try {
    const organisationId = line.organisationId ?? (await deps.organisationOf(line.action, line.target));
    await deps.audit.record({ ...line, organisationId });
  } catch (error) {
    // The response of a failed change is its own error. A successful change without an audit entry must not return
    // success.
    if (line.result === 'OK') throw error;
    deps.logger.warn({ err: error, route: change.route }, 'a rejected change is not in the audit log');
  }
}

function lineOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, route }: Change,
  { actionOf }: Pick<AuditHookDeps, 'actionOf'>,
): AuditEntry {
  const isOk = reply.statusCode < 400;
  const { auditNote, body } = request;
  return {
    actor: `api-token:${principal.tokenId}`,
    action: actionOf(request.method, route),
    target: targetOf(request, reply),
    result: isOk ? 'OK' : 'FAIL',
    details: { status: reply.statusCode, ...(isOk && { ...changesIn(body), ...auditNote?.details }) },
    organisationId: principal.organisationId ?? auditNote?.organisationId,
  };
}

/** Returns the target from the route's note, or otherwise from the path, the Location header or the body. */
function targetOf(request: FastifyRequest, reply: FastifyReply): string {
  const id = (request.params as { id?: string } | undefined)?.id;
  const location = reply.getHeader('location') as string | undefined;
  const target =
    request.auditNote?.target ?? id ?? location?.split('/').at(-1) ?? membersOf(request.body).configurationId;
  return typeof target === 'string' && idShape.test(target) ? target : '';
}

function changesIn(body: unknown): object {
  return Object.fromEntries(
    Object.entries(membersOf(body)).filter(([member]) => reportedMembers.includes(member)),
  );
}

function membersOf(body: unknown): { readonly configurationId?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}
