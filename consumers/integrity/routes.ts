import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../src/platform/errors.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import type { Depth, IntegrityReport } from './report.ts';

export type IntegrityCheck = (depth: Depth) => Promise<IntegrityReport>;

const Count = Type.Integer({ minimum: 0 });
const Instant = Type.String({ format: 'date-time' });
const stream = { producer: Type.String(), partition: Count };
const counts = {
  accepted: Count,
  stored: Count,
  deadLettered: Count,
  waiting: Count,
  missing: Count,
  surplus: Count,
};
const DepthOf = Type.Unsafe<Depth>({
  type: 'string',
  enum: ['ledger', 'full'],
  default: 'full',
  description: 'ledger: counts only, cheap; full: every row, every projection, every journal entry',
});
const Event = Type.Object({ ...stream, sequence: Count });

const Findings = Type.Object(
  {
    holes: Type.Array(Type.Object({ ...stream, first: Count, last: Count, inJournal: Type.Boolean() })),
    doubledEvents: Type.Array(
      Type.Object({ ...stream, sequence: Count, rows: Count, months: Type.Array(Count) }),
    ),
    doubledSessions: Type.Array(Type.Object({ events: Type.Array(Event) })),
    differingRows: Type.Array(
      Type.Object({ ...stream, sequence: Count, members: Type.Array(Type.String()) }),
    ),
    driftedProjections: Type.Array(
      Type.Object({
        projection: Type.String(),
        month: Count,
        sessionsByRows: Count,
        sessionsByProjection: Count,
      }),
    ),
    isCutShort: Type.Boolean(),
  },
  { title: 'IntegrityFindings' },
);

const Integrity = Type.Object(
  {
    exact: Type.Boolean(),
    depth: Type.String(),
    checkedAt: Instant,
    journals: Type.Array(Type.String()),
    totals: Type.Object(counts),
    namelessLetters: Count,
    streams: Type.Array(Type.Object({ ...stream, ...counts })),
    findings: Findings,
  },
  { title: 'IntegrityReport' },
);

/** Whether what is stored is what was accepted, for those who operate watmeter. */
export function registerIntegrityRoutes(
  server: HttpServer,
  check: IntegrityCheck,
  /** Throws where the request may not see the whole installation. */
  requireAll: (request: FastifyRequest) => void,
): void {
  server.get(
    '/api/v1/usage/integrity',
    {
      config: { access: { scope: 'ops' } },
      schema: {
        summary: 'Compare what was accepted, stored and counted',
        tags: ['usage'],
        querystring: Type.Object({ depth: Type.Optional(DepthOf) }, { additionalProperties: false }),
        response: { 200: Integrity },
      },
    },
    async (request, reply) => {
      requireAll(request);
      reply.header('cache-control', 'no-store');
      return toAnswer(await run(check, request.query.depth ?? 'full'));
    },
  );
}

async function run(check: IntegrityCheck, depth: Depth): Promise<IntegrityReport> {
  try {
    return await check(depth);
  } catch (cause) {
    throw new AppError('usage_unavailable', {
      retryAfterSeconds: 30,
      detail: 'The check could not be done. Try again, with depth=ledger, or with `watmeter verify`.',
      cause,
    });
  }
}

/** The report as it goes out: the serialiser's types know no read-only lists. */
function toAnswer(report: IntegrityReport) {
  return report as never;
}
