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
  /** What a route does, as noun.verb. */
  readonly actionOf: (method: string, route: string) => string;
  /** Whose a thing is that somebody of all organisations has changed. */
  readonly organisationOf: (action: string, target: string) => Promise<string | undefined>;
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];
/** The shape of an id. Any other text in its place may be a secret that a caller pasted by mistake. */
const idShape = /^[a-z0-9-]{1,40}$/;
/** The members of a body that describe the change and cannot hold a secret or a claim. */
const reportedMembers = [
  'name',
  'enabled',
  'scopes',
  'expiresIn',
  'organisationId',
  'acceptOldUntil',
  'configurationIds',
  'endSessions',
];

/**
 * Registers a hook that writes an audit line for each request that changes something or tries to: the actor, the action,
 * the target and the result. The line is durable before a success is answered, except on routes with `isAuditedLater`.
 * Unauthenticated requests are not audited, because they change nothing.
 */
export function registerAuditHook(server: HttpServer, deps: AuditHookDeps): void {
  server.decorateRequest('isAudited', false);
  server.decorateRequest('auditNote', undefined);
  server.addHook('onRoute', (route) => {
    const { access, isReadOnly, isAuditedLater } = route.config ?? {};
    const isSafe = isReadOnly || [route.method].flat().every((method) => safeMethods.includes(method));
    if (isSafe || access === undefined || access === 'public') return;
    const { url } = route;
    // The hook is on the route itself, so that exchanges and reading routes have no extra cost.
    route.onSend = [
      ...[route.onSend ?? []].flat(),
      async (request: FastifyRequest, reply: FastifyReply) => {
        const { principal } = request;
        // An error that this hook throws becomes the answer, which runs the hook again.
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
    // A failed change keeps its own answer. A successful change without an audit line must not be answered as a success.
    if (line.result === 'OK') throw error;
    deps.logger.warn({ err: error, route: change.route }, 'a refused change is not in the audit log');
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

/** Returns the target: from the route's note, else the id in the path, in the location, or of the body's configuration. */
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
