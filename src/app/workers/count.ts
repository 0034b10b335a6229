import type { Config } from '../../config/settings.ts';

/** More do not pay: what one process has to do for all of them becomes the bound (docs/performance.md). */
const mostByThemselves = 8;

/** How many gateway workers there are on a machine of so many cores. */
export function workersOf({ gatewayWorkers }: Pick<Config, 'gatewayWorkers'>, cores: number): number {
  if (gatewayWorkers !== 'auto') return gatewayWorkers;
  return Math.min(cores, mostByThemselves);
}
