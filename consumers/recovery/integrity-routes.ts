import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../src/platform/errors/errors.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import type { Depth, IntegrityReport } from './integrity/model/report.ts';

export type IntegrityCheck = (depth: Depth) => Promise<IntegrityReport>;

const Count = Type.Integer({ minimum: 0 });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T, description: string) =>
  Type.Array(item, { description });
const Instant = Type.String({ format: 'date-time' });
const stream = { producer: Type.String(), partition: Count };
const counts = {
  accepted: count('stored + deadLettered + waiting + missing'),
  stored: count('Events in the usage store'),
  deadLettered: count('Events that could not be read, and are kept as they came'),
  waiting: count('Accepted, not stored yet: no fault'),
  missing: count('Accepted, and nowhere'),
  surplus: count('Rows beyond one for each event'),
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
    holes: listOf(
      Type.Object({
        ...{ ...stream, first: Count, last: Count },
        inJournal: Type.Boolean({ description: '`watmeter repair` can fill it' }),
      }),
      'Sequences that are nowhere',
    ),
    doubledEvents: listOf(
      Type.Object({ ...stream, sequence: Count, rows: Count, months: Type.Array(Count) }),
      'One event, several rows',
    ),
    doubledSessions: listOf(Type.Object({ events: Type.Array(Event) }), 'One session, several events'),
    differingRows: listOf(
      Type.Object({ ...stream, sequence: Count, members: Type.Array(Type.String()) }),
      'The row says something else than the journal',
    ),
    driftedProjections: listOf(
      Type.Object({
        projection: Type.String(),
        month: Count,
        sessionsByRows: Count,
        sessionsByProjection: Count,
      }),
      'A roll-up that counts otherwise than its rows',
    ),
    isCutShort: Type.Boolean({ description: 'There are more of a kind than are named' }),
  },
  { title: 'IntegrityFindings' },
);

const Integrity = Type.Object(
  {
    exact: Type.Boolean({ description: 'There are no findings' }),
    depth: Type.String(),
    checkedAt: Instant,
    journals: listOf(Type.String(), 'Which journals it was compared with'),
    totals: Type.Object(counts),
    namelessLetters: count('Dead letters that say no place in a stream'),
    streams: listOf(Type.Object({ ...stream, ...counts }), 'Each partition of each producer'),
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
        description: 'For API tokens of all organisations. Requests at the same time share one check.',
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
