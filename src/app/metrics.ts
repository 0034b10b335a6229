import type { CountingLogger } from '../platform/logger.ts';
import { addCounter, type Counter, createRegistry, type Metrics } from '../platform/metrics.ts';
import type { Module } from '../platform/module.ts';
import type { ModuleMetrics } from './declared.ts';
import { modules } from './modules.ts';
import { readVersion } from './version.ts';

/** Metrics of a process. Every role has the metrics of all modules, so that every role exposes the same names. */
export type AppMetrics = Metrics & ModuleMetrics;

/**
 * Creates the metrics of a process in a new registry. With `logger`, they include the number of log lines that this
 * logger has dropped.
 */
export function createMetrics(logger?: Partial<Pick<CountingLogger, 'droppedLines'>>): AppMetrics {
  const { registry, factory } = createRegistry();
  addCounter(
    registry,
    'watmeter_log_lines_dropped_total',
    'Log lines that standard error did not accept',
    () => logger?.droppedLines?.() ?? 0,
  );
  const build = factory.gauge({
    name: 'watmeter_build_info',
    help: 'Always 1; the labels are the versions of watmeter and Node.js',
    labelNames: ['version', 'node'],
  });
  build.set({ version: readVersion(), node: process.versions.node }, 1);
  const defined = modules.map(({ metrics }: Module) => metrics?.(factory));
  return Object.assign({ registry }, ...defined) as AppMetrics;
}

/** Reads the value of a counter without labels. */
export async function readCounter(counter: Counter): Promise<number> {
  return (await counter.get()).values[0]?.value ?? 0;
}
