import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { accessErrors } from '../../src/access/declarations/errors.ts';
import { AppError } from '../../src/platform/errors/errors.ts';
import type { RegisterRoutes } from '../../src/platform/http/routes/register-routes.ts';
import { toInstantOrNull } from '../../src/platform/http/routes/schemas.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import { usageErrors } from '../../src/usage/declarations/errors.ts';
import type { Depth, IntegrityReport } from './integrity/model/report.ts';
import { DepthParameter, Integrity } from './integrity-schemas.ts';

export type IntegrityCheck = (depth: Depth) => Promise<IntegrityReport>;

/** A producer that has not ended, and its gateway. */
export interface ListedGateway {
  readonly producer: string;
  readonly gateway: string | undefined;
  readonly state: string;
  readonly throughMs: number | undefined;
}

export interface IntegrityRoutesDeps {
  /** @throws AppError `usage_unavailable` if the check cannot run yet. */
  readonly check: IntegrityCheck;
  /** Returns the producers that have not ended. Empty without a cluster. */
  readonly gateways: () => Promise<readonly ListedGateway[]>;
  /** @throws AppError if the request may not read all organisations. */
  readonly requireAll: (request: FastifyRequest) => void;
}

/** Creates the route that compares accepted events with stored events. A request needs the scope `ops`. */
export function createIntegrityRoutes(deps: IntegrityRoutesDeps): RegisterRoutes {
  return (server) => registerIntegrityRoute(server, deps);
}

function registerIntegrityRoute(
  server: HttpServer,
  { check, gateways, requireAll }: IntegrityRoutesDeps,
): void {
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
      return run(async () => {
        const report = await check(request.query.depth ?? 'full');
        return toAnswer({ ...report, gateways: (await gateways()).map(toGateway) });
      });
    },
  );
}

async function run<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(usageErrors.usage_unavailable, {
      retryAfterSeconds: 30,
      detail: 'The check failed. Try again, use depth=ledger, or run `watmeter verify`.',
      cause,
    });
  }
}

function toGateway({ producer, gateway, state, throughMs }: ListedGateway) {
  return { producer, gateway: gateway ?? null, state, completeThrough: toInstantOrNull(throughMs) };
}

/** Casts the report, because the serialiser's types do not accept read-only arrays. */
function toAnswer(report: IntegrityReport & { readonly gateways: object }) {
  return report as never;
}
