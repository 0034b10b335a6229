import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { isLocal } from './loopback.ts';
import type { HttpServer } from './server.ts';

/** One part's readiness: undefined when it is ready, else what is wrong with it. */
export interface ReadinessCheck {
  readonly name: string;
  readonly trouble: () => string | undefined;
  /** Its trouble costs nothing but lag: the process is still ready, and says that it is degraded. */
  readonly isHarmless?: true;
}

export interface SystemRoutesDeps {
  readonly checks: readonly ReadinessCheck[];
  /** Why this process should be ended and started anew; undefined while it should not. */
  readonly stalled: () => string | undefined;
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

  server.get('/health/live', { config }, async (_request, reply) => {
    const isLive = deps.stalled() === undefined;
    reply.code(isLive ? 200 : 503).header('cache-control', 'no-store');
    return { status: isLive ? 'live' : 'stalled' };
  });

  server.get('/health/ready', { config }, async (request, reply) => {
    const states = deps.checks.map(({ name, trouble, isHarmless }) => ({
      part: { name, trouble: trouble() ?? null },
      isHarmless,
    }));
    const parts = states.map(({ part }) => part);
    const isReady = states.every(({ part, isHarmless }) => part.trouble === null || isHarmless);
    const isWell = parts.every(({ trouble }) => trouble === null);
    const status = isWell ? 'ready' : isReady ? 'degraded' : 'not ready';
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
