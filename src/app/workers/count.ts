import type { Config } from '../config.ts';

/**
 * Maximum number of workers for `auto`. With more workers, the main process would be the bottleneck
 * (docs/performance.md).
 */
const maxAutomaticWorkers = 8;

/** Returns the number of gateway workers for the number of CPU cores. */
export function workerCountFor({ gatewayWorkers }: Pick<Config, 'gatewayWorkers'>, cores: number): number {
  if (gatewayWorkers !== 'auto') return gatewayWorkers;
  return Math.min(cores, maxAutomaticWorkers);
}
