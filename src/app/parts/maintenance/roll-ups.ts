import { createPeriodicTask } from '../../../platform/background/periodic-task.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Failpoint } from '../../../platform/failpoints.ts';
import type { Component } from '../../../platform/lifecycle.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { UsageMetrics } from '../../../usage/declarations/metrics.ts';
import { createRollUpBuilder } from '../../../usage/rollups/roll-up-builder.ts';
import type { ClickHouse } from '../../stores/clickhouse.ts';

export interface RollUpsDeps extends Pick<ClickHouse, 'maintenance' | 'migrate'> {
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: UsageMetrics;
}

const everyMs = 60_000;
/** A month is built this long after its end, because late sessions usually arrive by then. */
const closedAfterMs = 3_600_000;
/** A build that is not registered after this time counts as abandoned. The time must exceed the duration of any build. */
const abandonedAfterMs = 3_600_000;

/**
 * Creates the task that builds the roll-ups of closed months. The task builds a month only if the month has not changed
 * since the previous run. Otherwise, an import of old sessions would cause a build every minute.
 */
export function createRollUpTask(deps: RollUpsDeps): Component {
  const { maintenance, migrate, clock, failpoint, logger, metrics } = deps;
  const builder = createRollUpBuilder(
    { closedAfterMs, abandonedAfterMs },
    {
      ...{ client: maintenance, clock, failpoint },
      onBuilt: (name, seconds) => metrics.rollUpSeconds.observe({ roll_up: name }, seconds),
    },
  );
  const seen = new Map<number, string>();
  function isSettled(month: number, signature: string): boolean {
    const isUnchanged = seen.get(month) === signature;
    seen.set(month, signature);
    return isUnchanged;
  }
  const task = createPeriodicTask(
    'roll-ups',
    everyMs,
    async () => {
      await migrate();
      const { closed, stale } = await builder.build(isSettled);
      metrics.rollUpMonths.set({ state: 'current' }, closed - stale);
      metrics.rollUpMonths.set({ state: 'stale' }, stale);
    },
    logger,
  );
  return {
    ...task,
    async stop() {
      builder.stop();
      await task.stop?.();
    },
  };
}
