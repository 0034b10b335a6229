import { createLimitedLog } from '../../src/platform/limited-log.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import { countMissing, type StreamState } from '../store/stream-state.ts';

/** Reports how many events below the high-water marks are not stored. */
export interface MissingEvents {
  report(state: StreamState): void;
  /** Removes the metric, because another process now reports the partition. */
  clear(): void;
}

export interface MissingEventsDeps {
  readonly logger: Logger;
  readonly metrics: Pick<ConsumerMetrics, 'missingEvents'>;
}

/**
 * Creates the report for one source. The metric is exact after each batch. The log gets a line as soon as
 * events are missing, then one every 10 minutes while they are.
 */
export function createMissingEvents(source: string, { logger, metrics }: MissingEventsDeps): MissingEvents {
  const log = createLimitedLog(logger, { level: 'warn' });
  return {
    report(state) {
      const missing = countMissing(state);
      metrics.missingEvents.set({ source }, missing);
      if (missing > 0) log.write(source, { missing }, 'events are missing between stored ones');
      else log.end();
    },
    clear() {
      metrics.missingEvents.remove({ source });
    },
  };
}
