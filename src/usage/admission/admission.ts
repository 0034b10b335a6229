import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FairQueue, QueueFullError } from '../../platform/background/fair-queue.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Logger } from '../../platform/logger.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { UsageMetrics } from '../declarations/metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route queries the usage store. Such requests wait in one queue. */
    isUsageQuery?: true;
  }
}

export interface AdmissionDeps {
  readonly queue: FairQueue;
  /** Returns the id of the API token that sent a request. Query slots are shared fairly between tokens. */
  readonly tokenOf: (request: FastifyRequest) => string;
  readonly metrics: UsageMetrics;
  readonly logger: Logger;
  /** Queries that take longer than this are logged. */
  readonly slowQueryMs: number;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const retryAfterSeconds = 5;

/**
 * Makes the handlers of all routes with `isUsageQuery` that are registered after this call wait for a query
 * slot. A handler holds its slot until its result is known; a stream holds it until it is read completely.
 */
export function admitQueries(server: HttpServer, deps: AdmissionDeps): void {
  const admitted = new WeakSet<object>();
  server.addHook('onRoute', (route) => {
    // Fastify registers HEAD routes with the handler of GET.
    if (route.config?.isUsageQuery !== true || admitted.has(route.handler)) return;
    const handler = route.handler as Handler;
    const endpoint = route.url;
    const waiting: Handler = (request, reply) =>
      admit(deps, endpoint, request, () => handler.call(server, request, reply));
    admitted.add(waiting);
    route.handler = waiting as typeof route.handler;
  });
}

async function admit(
  deps: AdmissionDeps,
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
    metrics.usageErrors.inc({ endpoint, code: error instanceof AppError ? error.code : 'internal_error' });
    throw error;
  }
}

/** @throws AppError `usage_busy` if the queue is full. */
async function acquire({ queue, tokenOf }: AdmissionDeps, request: FastifyRequest): Promise<() => void> {
  const busy = () => new AppError(usageErrors.usage_busy, { retryAfterSeconds });
  const release = await queue.acquire(tokenOf(request)).catch((error: unknown) => {
    throw error instanceof QueueFullError ? busy() : error;
  });
  // A client that disconnected while it waited needs no response.
  if (!request.raw.socket.destroyed) return release;
  release();
  throw busy();
}

/** Logs parameter names without their values, which may be tags. */
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
