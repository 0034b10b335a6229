import type { MetricFactory } from '../metrics.ts';
import { type HttpServer, routeOf } from './server.ts';

export type HttpMetrics = ReturnType<typeof defineHttpMetrics>;

/** Defines the metrics of HTTP requests. */
export function defineHttpMetrics({ histogram }: MetricFactory) {
  return {
    requestSeconds: histogram({
      name: 'watmeter_http_request_seconds',
      help: 'Duration of HTTP requests by route, method and status',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.01, 0.1, 1, 10],
    }),
  };
}

/**
 * Measures the requests of a server. The label `route` is the URL pattern of the route, because a URL may contain
 * secrets. Requests that match no route have the label `none`. Call this function before you register routes.
 */
export function measureRequests(server: HttpServer, { requestSeconds }: HttpMetrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const labels = { route: routeOf(request) ?? 'none', method: request.method, status: reply.statusCode };
    requestSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}
