import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

/**
 * Metrics registry of a process. Each process object has its own instead of the global registry.
 * docs/reference/metrics.md describes each metric.
 */
export interface Metrics {
  readonly registry: Registry;
}

interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

/** Adds metrics to the registry of a process. */
export interface MetricFactory {
  counter<Label extends string = string>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string = string>(options: MetricOptions<Label>): Gauge<Label>;
  histogram<Label extends string = string>(
    options: MetricOptions<Label> & { readonly buckets: number[] },
  ): Histogram<Label>;
}

/** Creates a registry with Node's default metrics, and a factory that adds metrics to it. */
export function createRegistry(): Metrics & { readonly factory: MetricFactory } {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    factory: {
      counter: (options) => new Counter({ ...options, registers }),
      gauge: (options) => new Gauge({ ...options, registers }),
      histogram: (options) => new Histogram({ ...options, registers }),
    },
  };
}

/** Adds a gauge. Each scrape calls `read` to get the value. */
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

/** Adds a counter whose value is kept outside the registry. Each scrape calls `read` to get the value. */
export function addCounter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

/** Adds a gauge with one value per label value. Each scrape calls `read` to get the values. */
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
      // Removes the values of labels that `read` no longer returns.
      this.reset();
      for (const [value, reading] of read()) this.set({ [label]: value } as Record<Label, string>, reading);
    },
  });
}
