import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { isLocal } from './loopback.ts';
import type { HttpServer } from './server.ts';

/** One part's readiness: undefined when it is ready, else what is wrong with it. */
export type ReadinessCheck = { readonly name: string; readonly trouble: () => string | undefined };

export interface SystemRoutesDeps {
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  /** Whether a request has the scope `ops`: it may see details from anywhere. */
  readonly mayOperate: (request: FastifyRequest) => Promise<boolean>;
  /** Whether a request carries exactly this bearer token, compared in constant time. */
  readonly hasBearer: (request: FastifyRequest, token: string) => boolean;
}

/** Health and metrics, for every role. Not under /api: probes and scrapers have no API token. */
export function registerSystemRoutes(server: HttpServer, deps: SystemRoutesDeps): void {
  const config = { access: 'public' } as const;

  server.get('/health/live', { config }, async () => ({ status: 'live' }));

  server.get('/health/ready', { config }, async (request, reply) => {
    const parts = deps.checks.map(({ name, trouble }) => ({ name, trouble: trouble() ?? null }));
    const isReady = parts.every(({ trouble }) => trouble === null);
    const status = isReady ? 'ready' : 'not ready';
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
    const maySee = isLocal(request) || (await deps.mayOperate(request));
    return maySee ? { status, parts, tzdata: process.versions['tz'] } : { status };
  });

  server.get('/metrics', { config }, async (request, reply) => {
    const { metricsToken } = deps;
    const allowed = isLocal(request) || (metricsToken !== undefined && deps.hasBearer(request, metricsToken));
    if (!allowed)
      throw new AppError('metrics_not_allowed', { detail: 'Set METRICS_TOKEN and send it as Bearer.' });
    reply.type(deps.metrics.registry.contentType);
    return deps.metrics.registry.metrics();
  });
}
