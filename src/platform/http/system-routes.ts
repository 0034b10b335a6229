import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';
import { addGauge, addLabelledGauge, type Metrics } from '../metrics.ts';
import type { Readiness } from '../readiness/readiness.ts';
import type { LocalCheck } from './loopback.ts';
import type { Security } from './openapi/components/security.ts';
import { forbidStoring } from './problems/cache-rules.ts';
import { TextOrNull, withExample } from './routes/schemas.ts';
import type { HttpServer } from './server.ts';

export interface SystemRoutesDeps {
  readonly readiness: Pick<Readiness, 'report'>;
  /** Returns why this process must be restarted, or undefined if it need not be. */
  readonly stalled: () => string | undefined;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly isLocal: LocalCheck;
  /** Security requirement of the route that calls `mayOperate`, for the OpenAPI document. */
  readonly operatorSecurity: Security;
  /** Returns whether a request has the scope `ops`. Such a request may read details from any address. */
  readonly mayOperate: (request: FastifyRequest) => Promise<boolean>;
  /** Returns whether a request has this bearer token. The comparison takes constant time. */
  readonly hasBearer: (request: FastifyRequest, token: string) => boolean;
}

const Liveness = Type.Object(
  { status: Type.String({ description: 'live or stalled' }) },
  { title: 'Liveness' },
);
const ReadinessBody = Type.Object(
  {
    status: Type.String({ description: 'ready, degraded or not ready' }),
    parts: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          trouble: TextOrNull,
          since: Type.Union([Type.String(), Type.Null()], {
            description: 'UTC instant at which the process noticed the problem',
          }),
        }),
        { description: 'Only for loopback and the scope `ops`' },
      ),
    ),
    tzdata: Type.Optional(Type.String({ description: 'Version of the time zone data' })),
  },
  { title: 'Readiness' },
);
const readinessExample = {
  status: 'ready',
  parts: [{ name: 'store', trouble: null, since: null }],
  tzdata: '2026a',
};
const metricsExample =
  '# HELP watmeter_ready Whether the process is ready: 1 or 0\n# TYPE watmeter_ready gauge\nwatmeter_ready 1\n';
const tags = ['health'];

/**
 * Registers the health and metrics routes, which every role has. They are not under /api, where routes need
 * credentials, because probes send none.
 */
export function registerSystemRoutes(server: HttpServer, deps: SystemRoutesDeps): void {
  const config = { access: 'public' } as const;
  addReadinessGauges(deps.metrics, deps.readiness);

  const livenessSchema = {
    operationId: 'getLiveness',
    summary: 'Check that the process runs',
    tags,
    response: { 200: withExample(Liveness, { status: 'live' }), 503: Liveness },
  };
  server.get('/health/live', { config, schema: livenessSchema }, async (_request, reply) => {
    const isLive = deps.stalled() === undefined;
    reply.code(isLive ? 200 : 503).header('cache-control', 'no-store');
    return { status: isLive ? 'live' : 'stalled' };
  });

  const readinessSchema = {
    operationId: 'getReadiness',
    summary: 'Check that the process can do its work',
    tags,
    security: [{}, ...deps.operatorSecurity],
    response: { 200: withExample(ReadinessBody, readinessExample), 503: ReadinessBody },
  };
  server.get('/health/ready', { config, schema: readinessSchema }, async (request, reply) => {
    const { status, parts } = deps.readiness.report();
    reply.code(status === 'not ready' ? 503 : 200).header('cache-control', 'no-store');
    const maySee = deps.isLocal(request) || (await deps.mayOperate(request));
    return maySee ? { status, parts: [...parts], tzdata: process.versions['tz'] ?? '' } : { status };
  });

  const text = { content: { 'text/plain': { schema: Type.String(), example: metricsExample } } };
  const metricsSchema = {
    operationId: 'getMetrics',
    summary: 'Get metrics in the Prometheus format, from loopback or with METRICS_TOKEN',
    tags,
    security: [{}, { metricsToken: [] }],
    response: { 200: text },
    errors: [platformErrors.metrics_not_allowed],
  };
  server.get('/metrics', { config, schema: metricsSchema }, async (request, reply) => {
    const { metricsToken } = deps;
    const allowed =
      deps.isLocal(request) || (metricsToken !== undefined && deps.hasBearer(request, metricsToken));
    if (!allowed)
      throw new AppError(platformErrors.metrics_not_allowed, {
        detail: 'Set METRICS_TOKEN, and send it as a Bearer token.',
      });
    forbidStoring(reply);
    reply.type(deps.metrics.registry.contentType);
    return deps.metrics.registry.metrics();
  });
}

/** Adds gauges with the readiness, for monitoring that reads only metrics. */
function addReadinessGauges({ registry }: Metrics, { report }: Pick<Readiness, 'report'>): void {
  addGauge(registry, 'watmeter_ready', 'Whether the process is ready: 1 or 0', () =>
    report().status === 'not ready' ? 0 : 1,
  );
  addLabelledGauge(
    registry,
    {
      name: 'watmeter_part_trouble',
      help: 'Whether a part of the process has trouble: 1 or 0',
      label: 'part',
    },
    () => report().parts.map(({ name, trouble }) => [name, trouble === null ? 0 : 1] as const),
  );
}
