import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { ReadinessCheck } from '../../platform/http/system-routes.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';

/** What a part of a process brings: things to start and stop, and what its readiness depends on. */
export interface Part {
  readonly components: readonly Component[];
  readonly checks: readonly ReadinessCheck[];
}

export interface PartDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  readonly metrics: Metrics;
}
