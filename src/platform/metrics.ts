import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** What can be watched; docs/reference/metrics.md says what each means. One registry a process, no global one. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    exchanges: new Counter({
      name: 'watmeter_exchanges_total',
      help: 'Exchanges of web access tokens, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    pageLoads: new Counter({
      name: 'watmeter_page_loads_total',
      help: 'Page loads behind forward-auth that counts them, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    storedRows: new Counter({ name: 'watmeter_sink_rows_total', help: 'Events stored', registers }),
    duplicates: new Counter({
      name: 'watmeter_sink_duplicates_total',
      help: 'Events that were read again and were already stored',
      registers,
    }),
    deadLetters: new Counter({
      name: 'watmeter_dead_letters_total',
      help: 'Messages nobody can read',
      registers,
    }),
    missingEvents: new Gauge({
      name: 'watmeter_sink_missing_events',
      help: 'Events known to be missing between stored ones. Anything but 0 is an alarm',
      labelNames: ['source'],
      registers,
    }),
    sinkErrors: new Counter({
      name: 'watmeter_sink_errors_total',
      help: 'Failed attempts to store',
      registers,
    }),
    relayedEvents: new Counter({
      name: 'watmeter_relay_events_total',
      help: 'Events that Kafka has acknowledged',
      registers,
    }),
    relayErrors: new Counter({
      name: 'watmeter_relay_errors_total',
      help: 'Failed attempts to send to Kafka',
      registers,
    }),
    insertSeconds: new Histogram({
      name: 'watmeter_sink_insert_seconds',
      help: 'Time of one insert',
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    }),
  };
}

/** Adds gauges that are read when they are asked for. */
export function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** The same with one value for each label. */
export function addLabelledGauge<Label extends string>(
  registry: Registry,
  { name, help, label }: { readonly name: string; readonly help: string; readonly label: Label },
  read: () => readonly (readonly [value: string, reading: number])[],
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      for (const [value, reading] of read()) this.set({ [label]: value } as Record<Label, string>, reading);
    },
  });
}
