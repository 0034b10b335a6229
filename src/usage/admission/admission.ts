import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FairQueue, QueueFullError } from '../../platform/background/fair-queue.ts';
import { AppError, reasonOf } from '../../platform/errors/errors.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { createLimitedLog, type LimitedLog } from '../../platform/limited-log.ts';
import type { Logger } from '../../platform/logger.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { UsageMetrics } from '../declarations/metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True if the route queries the usage store. All such requests wait in one queue. */
    isUsageQuery?: true;
  }
}

export interface AdmissionDeps {
  readonly queue: FairQueue;
  /** Returns the id of the API token that authenticates a request. API tokens share the query slots fairly. */
  readonly tokenOf: (request: FastifyRequest) => string;
  readonly metrics: UsageMetrics;
  readonly logger: Logger;
  /** Duration from which a query is logged as slow. */
  readonly slowQueryMs: number;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const retryAfterSeconds = 5;

/**
 * Makes the handlers of routes with `isUsageQuery` wait for a query slot. Only routes that are registered after this
 * call are affected. A handler keeps its slot until it has its result. A handler that returns a stream keeps the slot
 * until the stream is read completely.
 */
export function admitQueries(server: HttpServer, deps: AdmissionDeps): void {
  const failures = createLimitedLog(deps.logger, { level: 'error' });
  const admitted = new WeakSet<object>();
  server.addHook('onRoute', (route) => {
    // HEAD routes have the same handler as their GET routes, so the handler must be wrapped only once.
    if (route.config?.isUsageQuery !== true || admitted.has(route.handler)) return;
    const handler = route.handler as Handler;
    const endpoint = route.url;
    const waiting: Handler = (request, reply) =>
      admit({ ...deps, failures }, endpoint, request, () => handler.call(server, request, reply));
    admitted.add(waiting);
    route.handler = waiting as typeof route.handler;
  });
}

async function admit(
  deps: AdmissionDeps & { readonly failures: LimitedLog },
  endpoint: string,
  request: FastifyRequest,
  answer: () => unknown,
): Promise<unknown> {
  const { metrics } = deps;
  const askedMs = performance.now();
  let release = () => {};
  try {
    release = await acquire(deps, request);
    const startedMs = performance.now();
    metrics.usageWaitSeconds.observe({ endpoint }, (startedMs - askedMs) / 1000);
    const answered = await answer();
    const finish = () => {
      release();
      report(deps, endpoint, request, { waitedMs: startedMs - askedMs, ms: performance.now() - startedMs });
    };
    if (answered instanceof Readable) answered.once('close', finish);
    else finish();
    return answered;
  } catch (error) {
    release();
    const code = error instanceof AppError ? error.code : 'internal_error';
    metrics.usageErrors.inc({ endpoint, code });
    if (error instanceof AppError && error.kind === 'unavailable')
      deps.failures.write(code, { code, endpoint, reason: reasonOf(error) }, 'a usage query failed');
    throw error;
  }
}

/**
 * Waits for a query slot, and resolves to the function that releases it.
 * @throws AppError `usage_busy` if the queue is full.
 */
async function acquire({ queue, tokenOf }: AdmissionDeps, request: FastifyRequest): Promise<() => void> {
  const busy = () => new AppError(usageErrors.usage_busy, { retryAfterSeconds });
  const release = await queue.acquire(tokenOf(request)).catch((error: unknown) => {
    throw error instanceof QueueFullError ? busy() : error;
  });
  // A client that has disconnected while it waited needs no response, so its slot is released.
  if (!request.raw.socket.destroyed) return release;
  release();
  throw busy();
}

/**
 * Records the duration of a query and logs a slow query. The log contains the names of its parameters without the
 * values, which may be tags.
 */
function report(
  { metrics, logger, slowQueryMs }: AdmissionDeps,
  endpoint: string,
  request: FastifyRequest,
  { waitedMs, ms }: { readonly waitedMs: number; readonly ms: number },
): void {
  metrics.usageSeconds.observe({ endpoint }, ms / 1000);
  if (ms < slowQueryMs) return;
  const parameters = Object.keys((request.query ?? {}) as object);
  logger.warn(
    { endpoint, ms: Math.round(ms), waitedMs: Math.round(waitedMs), parameters },
    'a slow usage query',
  );
}
