import type { MetricFactory } from '../../src/platform/metrics.ts';

export type ConsumerMetrics = ReturnType<typeof defineConsumerMetrics>;

/** Defines the metrics of sinks. */
export function defineConsumerMetrics({ counter, gauge, histogram }: MetricFactory) {
  return {
    storedRows: counter({ name: 'watmeter_sink_rows_total', help: 'Stored events' }),
    lastInsert: gauge({
      name: 'watmeter_sink_last_insert_timestamp_seconds',
      help: 'When this process last stored events, in seconds since the epoch. 0: not since its start',
    }),
    assignments: counter({
      name: 'watmeter_consumer_assignments_total',
      help: 'Assignments of partitions to this process. Each rebalance of the consumer group is one',
    }),
    futureEvents: counter({
      name: 'watmeter_sink_future_events_total',
      help: "Stored events whose time was more than 5 minutes ahead of the consumer's clock",
    }),
    duplicates: counter({
      name: 'watmeter_sink_duplicates_total',
      help: 'Events that were read again and were already stored',
    }),
    deadLetters: counter({
      name: 'watmeter_dead_letters_total',
      help: 'Messages that could not be decoded and were moved to the dead letters',
    }),
    missingEvents: gauge({
      name: 'watmeter_sink_missing_events',
      help: 'Events that are missing between stored events. Any value above 0 is a fault',
      labelNames: ['source'],
    }),
    blockedMessages: gauge({
      name: 'watmeter_sink_blocked',
      help: '1 while a partition waits at a message of a newer version',
      labelNames: ['source', 'offset', 'type'],
    }),
    sinkErrors: counter({ name: 'watmeter_sink_errors_total', help: 'Failed attempts to store events' }),
    insertSeconds: histogram({
      name: 'watmeter_sink_insert_seconds',
      help: 'Duration of an insert',
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    }),
  };
}
