import type { MetricFactory } from '../../platform/metrics.ts';

export type GatewayMetrics = ReturnType<typeof defineGatewayMetrics>;

/** Defines the counters of exchanges and page loads. */
export function defineGatewayMetrics({ counter }: MetricFactory) {
  return {
    exchanges: counter({
      name: 'watmeter_exchanges_total',
      help: 'Exchanges of web access tokens, by outcome',
      labelNames: ['outcome'],
    }),
    pageLoads: counter({
      name: 'watmeter_page_loads_total',
      help: 'Page loads behind forward-auth with count=navigations, by outcome',
      labelNames: ['outcome'],
    }),
  };
}
