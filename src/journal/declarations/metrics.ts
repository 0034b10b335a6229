import type { MetricFactory } from '../../platform/metrics.ts';

export type JournalMetrics = ReturnType<typeof defineJournalMetrics>;

/** Defines the counters of the relay to Kafka and of the system clock. */
export function defineJournalMetrics({ counter }: MetricFactory) {
  return {
    relayedEvents: counter({
      name: 'watmeter_relay_events_total',
      help: 'Events that Kafka has acknowledged',
    }),
    relayErrors: counter({
      name: 'watmeter_relay_errors_total',
      help: 'Failed attempts to send events to Kafka',
    }),
    clockSteps: counter({
      name: 'watmeter_clock_steps_total',
      help: 'Steps of the system clock: back by more than 5 s, or ahead by more than an hour',
      labelNames: ['direction'],
    }),
  };
}
