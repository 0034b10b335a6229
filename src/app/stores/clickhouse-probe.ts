import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { createDependencyProbe } from '../../platform/readiness/dependency-probe.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import type { ClickHouse } from './clickhouse.ts';

export interface ClickHouseProbe {
  readonly checks: readonly ReadinessCheck[];
  readonly components: readonly Component[];
}

/** Creates a probe of the ClickHouse server. The embedded engine needs no probe, because it is part of the process. */
export function createClickHouseProbe({ ask }: Pick<ClickHouse, 'ask'>, logger: Logger): ClickHouseProbe {
  if (ask === undefined) return { checks: [], components: [] };
  const { check, component } = createDependencyProbe({ name: 'ClickHouse' }, { ask, logger });
  return { checks: [check], components: [component] };
}
