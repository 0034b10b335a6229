import type { Config } from '../config.ts';

/** With more, what the one main process does for each session would be the bound (docs/performance.md). */
const mostByThemselves = 8;

/** How many gateway workers there are on a machine of so many cores. */
export function workersOf({ gatewayWorkers }: Pick<Config, 'gatewayWorkers'>, cores: number): number {
  if (gatewayWorkers !== 'auto') return gatewayWorkers;
  return Math.min(cores, mostByThemselves);
}
