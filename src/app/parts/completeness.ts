import { type CompletenessReader, createCompletenessReader } from '../../completeness/completeness-reader.ts';
import type { CompletenessMetrics } from '../../completeness/declarations/metrics.ts';
import { createGateways, type Gateways } from '../../completeness/gateways.ts';
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

export interface CompletenessPart extends CompletenessReader {
  readonly gateways: Gateways;
}

/** Creates the reader of the cluster's watermarks for the API, and the list of the gateways. */
export function createCompletenessPart(deps: CompletenessDeps): CompletenessPart {
  const { control, pool, clock, logger, metrics } = deps;
  const stored = createStoredWatermarks(pool);
  const registry = createProducerRegistry(control);
  const reader = createCompletenessReader({ stored, registry, clock, logger, metrics });
  return { ...reader, gateways: createGateways({ reader, stored, registry, clock }) };
}
