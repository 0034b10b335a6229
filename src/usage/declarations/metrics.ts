import type { MetricFactory } from '../../platform/metrics.ts';

export type UsageMetrics = ReturnType<typeof defineUsageMetrics>;

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Defines the metrics of usage queries. */
export function defineUsageMetrics({ counter, histogram }: MetricFactory) {
  return {
    usageSeconds: histogram({
      name: 'watmeter_usage_query_seconds',
      help: 'Time of a usage query, without its time in the queue',
      labelNames: ['endpoint'],
      buckets: seconds,
    }),
    usageWaitSeconds: histogram({
      name: 'watmeter_usage_query_wait_seconds',
      help: 'Time of a usage query in the queue',
      labelNames: ['endpoint'],
      buckets: seconds,
    }),
    usageErrors: counter({
      name: 'watmeter_usage_query_errors_total',
      help: 'Usage queries that were rejected or failed, by error code',
      labelNames: ['endpoint', 'code'],
    }),
  };
}
