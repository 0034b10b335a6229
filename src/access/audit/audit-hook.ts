import type { FastifyReply, FastifyRequest } from 'fastify';
import type {} from '../../platform/http/access-rule.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Principal } from '../principal/principal.ts';
import type { AuditEntry, AuditLog } from './audit.ts';
import type { AuditNotes } from './audit-buffer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    isAudited: boolean;
  }
}

export interface AuditHookDeps {
  readonly audit: AuditLog;
  readonly auditNotes: Pick<AuditNotes, 'note'>;
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
const toldMembers = [
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
 * Writes a line for every request that changes something or tries to: who, what, to what, and what came of it. It is
 * durable before a success is answered, but where a route says that its lines may come later. Requests of nobody whom
 * we know are not told: they change nothing.
 */
export function registerAuditHook(server: HttpServer, deps: AuditHookDeps): void {
  server.decorateRequest('isAudited', false);
  server.decorateRequest('auditNote', undefined);
  server.addHook('onRoute', (route) => {
    const { access, isReadOnly, isAuditedLater } = route.config ?? {};
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
        const change = { principal, route: url };
        if (isAuditedLater) deps.auditNotes.note(lineOf(request, reply, change, deps));
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
    // What failed is answered as it failed; what succeeded and cannot be told is not answered as a success.
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

/** What the route says, else the id in the path, of what was made, or of the configuration that the body names. */
function targetOf(request: FastifyRequest, reply: FastifyReply): string {
  const id = (request.params as { id?: string } | undefined)?.id;
  const made = reply.getHeader('location') as string | undefined;
  const target =
    request.auditNote?.target ?? id ?? made?.split('/').at(-1) ?? membersOf(request.body).configurationId;
  return typeof target === 'string' && idShape.test(target) ? target : '';
}

function changesIn(body: unknown): object {
  return Object.fromEntries(
    Object.entries(membersOf(body)).filter(([member]) => toldMembers.includes(member)),
  );
}

function membersOf(body: unknown): { readonly configurationId?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}
