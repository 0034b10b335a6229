import { type CompletenessReader, createCompletenessReader } from '../../completeness/completeness-reader.ts';
import type { CompletenessMetrics } from '../../completeness/declarations/metrics.ts';
import { createProducerRegistry } from '../../completeness/registry/producer-registry.ts';
import { createStoredWatermarks } from '../../completeness/stored/stored-watermarks.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import type { ControlTables } from '../declared.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';

export interface CompletenessDeps {
  readonly control: ControlStore<ControlTables>;
  readonly pool: ClickHouse['pool'];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CompletenessMetrics;
}

/** Creates the reader of the cluster's watermarks for the API. */
export function createCompletenessPart(deps: CompletenessDeps): CompletenessReader {
  const { control, pool, clock, logger, metrics } = deps;
  return createCompletenessReader({
    stored: createStoredWatermarks(pool),
    registry: createProducerRegistry(control),
    ...{ clock, logger, metrics },
  });
}
