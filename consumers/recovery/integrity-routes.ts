import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { accessErrors } from '../../src/access/declarations/errors.ts';
import { AppError } from '../../src/platform/errors/errors.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import { usageErrors } from '../../src/usage/declarations/errors.ts';
import type { Depth, IntegrityReport } from './integrity/model/report.ts';
import { DepthOf, Integrity } from './integrity-schemas.ts';

export type IntegrityCheck = (depth: Depth) => Promise<IntegrityReport>;

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
        operationId: 'checkIntegrity',
        summary: 'Compare what was accepted, stored and counted',
        description: 'For API tokens of all organisations. Requests at the same time share one check.',
        tags: ['usage'],
        querystring: Type.Object({ depth: Type.Optional(DepthOf) }, { additionalProperties: false }),
        response: { 200: Integrity },
        errors: [accessErrors.all_organisations_needed, usageErrors.usage_unavailable],
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
    throw new AppError(usageErrors.usage_unavailable, {
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
