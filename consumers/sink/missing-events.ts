import type { Logger } from '../../src/platform/logger.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import { countMissing, type StreamState } from '../store/stream-state.ts';

/** Reports how many events are missing between stored ones. */
export interface MissingEvents {
  report(state: StreamState): void;
  /** Removes the metric, because another process reports the partition from now on. */
  clear(): void;
}

export interface MissingEventsDeps {
  readonly logger: Logger;
  readonly metrics: Pick<ConsumerMetrics, 'missingEvents'>;
}

/** Creates the report for one source. */
export function createMissingEvents(source: string, { logger, metrics }: MissingEventsDeps): MissingEvents {
  return {
    report(state) {
      const missing = countMissing(state);
      metrics.missingEvents.set({ source }, missing);
      if (missing > 0) logger.warn({ missing }, 'events are missing between stored ones');
    },
    clear() {
      metrics.missingEvents.remove({ source });
    },
  };
}
