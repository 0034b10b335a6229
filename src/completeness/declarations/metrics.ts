import type { MetricFactory } from '../../platform/metrics.ts';

export type CompletenessMetrics = ReturnType<typeof defineCompletenessMetrics>;

/** Defines the metrics of stored watermarks. */
export function defineCompletenessMetrics({ gauge }: MetricFactory) {
  return {
    watermarkLag: gauge({
      name: 'watmeter_watermark_lag_seconds',
      help: 'Age of the last stored watermark of a live gateway process',
      labelNames: ['gateway', 'producer'],
    }),
  };
}
