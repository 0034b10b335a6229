import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';
import { addGauge, addLabelledGauge, type Metrics } from '../metrics.ts';
import { isLocal } from './loopback.ts';
import type { Security } from './openapi/components/security.ts';
import { TextOrNull, withExample } from './routes/schemas.ts';
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
  /** How the OpenAPI document shows `mayOperate`. */
  readonly operatorSecurity: Security;
  /** Whether a request has the scope `ops`: it may see details from anywhere. */
  readonly mayOperate: (request: FastifyRequest) => Promise<boolean>;
  /** Whether a request carries exactly this bearer token, compared in constant time. */
  readonly hasBearer: (request: FastifyRequest, token: string) => boolean;
}

const Liveness = Type.Object(
  { status: Type.String({ description: 'live or stalled' }) },
  { title: 'Liveness' },
);
const Readiness = Type.Object(
  {
    status: Type.String({ description: 'ready, degraded or not ready' }),
    parts: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), trouble: TextOrNull }), {
        description: 'Only for loopback and the scope `ops`',
      }),
    ),
    tzdata: Type.Optional(Type.String({ description: 'Version of the time zone data' })),
  },
  { title: 'Readiness' },
);
const readinessExample = { status: 'ready', parts: [{ name: 'store', trouble: null }], tzdata: '2026a' };
const metricsExample =
  '# HELP watmeter_ready Whether the process is ready: 1 or 0\n# TYPE watmeter_ready gauge\nwatmeter_ready 1\n';
const tags = ['health'];

/** Health and metrics, for every role. Not under /api: probes and scrapers have no credentials. */
export function registerSystemRoutes(server: HttpServer, deps: SystemRoutesDeps): void {
  const config = { access: 'public' } as const;
  addReadinessGauges(deps.metrics, deps.checks);

  const live = {
    operationId: 'getLiveness',
    summary: 'Check that the process runs',
    tags,
    response: { 200: withExample(Liveness, { status: 'live' }), 503: Liveness },
  };
  server.get('/health/live', { config, schema: live }, async (_request, reply) => {
    const isLive = deps.stalled() === undefined;
    reply.code(isLive ? 200 : 503).header('cache-control', 'no-store');
    return { status: isLive ? 'live' : 'stalled' };
  });

  const ready = {
    operationId: 'getReadiness',
    summary: 'Check that the process can do its work',
    tags,
    security: [{}, ...deps.operatorSecurity],
    response: { 200: withExample(Readiness, readinessExample), 503: Readiness },
  };
  server.get('/health/ready', { config, schema: ready }, async (request, reply) => {
    const parts = deps.checks.map(({ name, trouble }) => ({ name, trouble: trouble() ?? null }));
    const isReady = deps.checks.every(isNoHindrance);
    const isWell = parts.every(({ trouble }) => trouble === null);
    const status = isWell ? 'ready' : isReady ? 'degraded' : 'not ready';
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store');
    const maySee = isLocal(request) || (await deps.mayOperate(request));
    return maySee ? { status, parts, tzdata: process.versions['tz'] ?? '' } : { status };
  });

  const text = { content: { 'text/plain': { schema: Type.String(), example: metricsExample } } };
  const measured = {
    operationId: 'getMetrics',
    summary: 'Get metrics in the Prometheus format, from loopback or with METRICS_TOKEN',
    tags,
    security: [{}, { metricsToken: [] }],
    response: { 200: text },
    errors: [platformErrors.metrics_not_allowed],
  };
  server.get('/metrics', { config, schema: measured }, async (request, reply) => {
    const { metricsToken } = deps;
    const allowed = isLocal(request) || (metricsToken !== undefined && deps.hasBearer(request, metricsToken));
    if (!allowed)
      throw new AppError(platformErrors.metrics_not_allowed, {
        detail: 'Set METRICS_TOKEN, and send it as a Bearer token.',
      });
    reply.type(deps.metrics.registry.contentType);
    return deps.metrics.registry.metrics();
  });
}

/** Readiness for those who watch metrics only. */
function addReadinessGauges({ registry }: Metrics, checks: readonly ReadinessCheck[]): void {
  addGauge(registry, 'watmeter_ready', 'Whether the process is ready: 1 or 0', () =>
    checks.every(isNoHindrance) ? 1 : 0,
  );
  addLabelledGauge(
    registry,
    {
      name: 'watmeter_part_trouble',
      help: 'Whether a part of the process has trouble: 1 or 0',
      label: 'part',
    },
    () => checks.map(({ name, trouble }) => [name, trouble() === undefined ? 0 : 1] as const),
  );
}

function isNoHindrance({ trouble, isHarmless }: ReadinessCheck): boolean {
  return isHarmless === true || trouble() === undefined;
}
