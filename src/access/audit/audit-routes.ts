import { Type } from 'typebox';
import { NextCursor, pagingParameters, readPage } from '../../platform/http/routes/paging.ts';
import { Instant, strict, toInstant } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenExamples } from '../../tokens/declarations/examples.ts';
import { accessExamples } from '../declarations/examples.ts';
import { principalOf } from '../principal/principal.ts';
import type { AuditLog, AuditResult, RecordedAuditEntry } from './audit.ts';
import type { AuditBuffer } from './audit-buffer.ts';
import type { RefusalCounts, RefusalsOfDay } from './refusal-counts.ts';

const AuditLine = Type.Object(
  {
    id: Type.String(),
    at: Instant,
    actor: Type.String({ description: 'api-token:<id>, or command-line:<user of the operating system>' }),
    action: Type.String({ description: 'The action as noun.verb' }),
    target: Type.String({ description: 'The id of the target. Empty if there is none' }),
    result: Type.String({ description: 'STARTED, OK or FAIL' }),
    organisationId: Type.Union([Type.String(), Type.Null()], {
      description: 'null: the entry concerns the whole installation',
    }),
    details: Type.Object({}, { additionalProperties: true, description: 'Details of the action' }),
  },
  { title: 'AuditEntry' },
);
const auditExample = {
  id: '01993f0a-6c1e-7b3a-9d52-8f4e1c7a2b60',
  at: '2026-11-21T09:00:00.000Z',
  actor: `api-token:${accessExamples.apiTokenId.value}`,
  action: 'configuration.create',
  target: tokenExamples.configurationId.value,
  result: 'OK',
  organisationId: 'default',
  details: { status: 201, name: 'Customer dashboards' },
};

const RefusalLine = Type.Object(
  {
    day: Type.String({ format: 'date', description: 'In UTC' }),
    configurationId: Type.String(),
    reason: Type.String({
      description:
        'expired, not-yet-valid, disabled, undecryptable, malformed, claims, revoked, bot, cross-site-frame or resource',
    }),
    refusals: Type.Integer({ minimum: 0, description: 'The number of refusals on this day' }),
    lastAt: Instant,
  },
  { title: 'Refusals' },
);
const refusalExample = {
  day: '2026-11-21',
  configurationId: tokenExamples.configurationId.value,
  reason: 'expired',
  refusals: 12,
  lastAt: '2026-11-21T09:00:00.000Z',
};

const querystring = Type.Object(pagingParameters, strict);
const filterText = (description: string) =>
  Type.Optional(Type.String({ maxLength: 300, pattern: '^[^\\u0000\\ud800-\\udfff]+$', description }));
const auditQuerystring = Type.Object(
  {
    actor: filterText('Lists only entries of this actor'),
    action: filterText('Lists only entries with this action'),
    target: filterText('Lists only entries about this target'),
    result: Type.Optional(
      Type.Unsafe<AuditResult>({
        type: 'string',
        enum: ['STARTED', 'OK', 'FAIL'],
        description: 'Lists only entries with this result',
        examples: ['OK'],
      }),
    ),
    ...pagingParameters,
  },
  strict,
);
const AuditPage = Type.Object(
  { items: Type.Array(AuditLine), nextCursor: NextCursor },
  { title: 'AuditLog', examples: [{ items: [auditExample], nextCursor: null }] },
);
const RefusalPage = Type.Object(
  { items: Type.Array(RefusalLine), nextCursor: NextCursor },
  { title: 'RefusalList', examples: [{ items: [refusalExample], nextCursor: null }] },
);

export interface AuditRoutesDeps {
  readonly audit: AuditLog;
  readonly auditBuffer: AuditBuffer;
  readonly refusals: RefusalCounts;
}

/**
 * Registers the routes for the audit log and refusal counts. Responses include the entries and counts that this
 * process has buffered.
 */
export function registerAuditRoutes(server: HttpServer, deps: AuditRoutesDeps): void {
  const { audit, auditBuffer, refusals } = deps;
  server.get(
    '/api/v1/audit',
    {
      config: { access: { scope: 'admin' } },
      schema: {
        operationId: 'listAudit',
        summary: 'List audit entries, newest first',
        tags: ['audit'],
        querystring: auditQuerystring,
        response: { 200: AuditPage },
      },
    },
    async (request) => {
      await auditBuffer.flush();
      const { limit, cursor, ...filter } = request.query;
      const { organisationId } = principalOf(request);
      return readPage(
        { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) },
        (count, after) => audit.list(count, after, organisationId, filter),
        ({ atMs, id }) => [atMs, id],
        toLine,
      );
    },
  );

  server.get(
    '/api/v1/refusals',
    {
      config: { access: { scope: 'ops' } },
      schema: {
        operationId: 'listRefusals',
        summary: 'List rejected exchanges of known configurations by day and reason, newest day first',
        tags: ['audit'],
        querystring,
        response: { 200: RefusalPage },
      },
    },
    async (request) =>
      readPage(
        request.query,
        (limit, after) => refusals.list(principalOf(request).organisationId, limit, after),
        ({ dayMs, configurationId, reason }) => [dayMs, `${configurationId}/${reason}`],
        toRefusalLine,
      ),
  );
}

function toLine({ atMs, organisationId, details, ...texts }: RecordedAuditEntry) {
  return { ...texts, at: toInstant(atMs), organisationId: organisationId ?? null, details: { ...details } };
}

function toRefusalLine({ dayMs, configurationId, reason, refusals, lastAtMs }: RefusalsOfDay) {
  return {
    day: toInstant(dayMs).slice(0, 10),
    ...{ configurationId, reason, refusals },
    lastAt: toInstant(lastAtMs),
  };
}
