import type { MetricFactory } from '../../platform/metrics.ts';

export type UsageMetrics = ReturnType<typeof defineUsageMetrics>;

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Defines the metrics of usage queries. */
export function defineUsageMetrics({ counter, gauge, histogram }: MetricFactory) {
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
    rollUpMonths: gauge({
      name: 'watmeter_roll_up_months',
      help: 'Closed months with sessions, by the state of their roll-ups: current or stale. Stale months are read from the event table',
      labelNames: ['state'],
    }),
    rollUpSeconds: histogram({
      name: 'watmeter_roll_up_build_seconds',
      help: 'Duration of the build of a roll-up',
      labelNames: ['roll_up'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    }),
    usageErrors: counter({
      name: 'watmeter_usage_query_errors_total',
      help: 'Usage queries that were rejected or failed, by error code',
      labelNames: ['endpoint', 'code'],
    }),
  };
}
