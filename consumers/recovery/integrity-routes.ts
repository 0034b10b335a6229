import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { accessErrors } from '../../src/access/declarations/errors.ts';
import { AppError } from '../../src/platform/errors/errors.ts';
import type { RegisterRoutes } from '../../src/platform/http/routes/register-routes.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import { usageErrors } from '../../src/usage/declarations/errors.ts';
import type { Depth, IntegrityReport } from './integrity/model/report.ts';
import { DepthParameter, Integrity } from './integrity-schemas.ts';

export type IntegrityCheck = (depth: Depth) => Promise<IntegrityReport>;

export interface IntegrityRoutesDeps {
  readonly check: IntegrityCheck;
  /** @throws AppError if the request may not read all organisations. */
  readonly requireAll: (request: FastifyRequest) => void;
}

/** Creates the route that compares accepted events with stored events. A request needs the scope `ops`. */
export function createIntegrityRoutes(deps: IntegrityRoutesDeps): RegisterRoutes {
  return (server) => registerIntegrityRoute(server, deps);
}

function registerIntegrityRoute(server: HttpServer, { check, requireAll }: IntegrityRoutesDeps): void {
  server.get(
    '/api/v1/usage/integrity',
    {
      config: { access: { scope: 'ops' } },
      schema: {
        operationId: 'checkIntegrity',
        summary: 'Compare accepted, stored and counted sessions',
        description:
          'Needs an API token with access to all organisations. Concurrent requests share one check.',
        tags: ['usage'],
        querystring: Type.Object({ depth: Type.Optional(DepthParameter) }, { additionalProperties: false }),
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
      detail: 'The check failed. Try again, use depth=ledger, or run `watmeter verify`.',
      cause,
    });
  }
}

/** Casts the report, because the serialiser's types do not accept read-only arrays. */
function toAnswer(report: IntegrityReport) {
  return report as never;
}
