import { createRetention, type Retention } from '../../../../consumers/retention/retention.ts';
import type { AuditLog } from '../../../access/audit/audit.ts';
import { requireAllOrganisations } from '../../../access/request-organisation.ts';
import { createPeriodicTask } from '../../../platform/background/periodic-task.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Failpoint } from '../../../platform/failpoints.ts';
import type { RegisterRoutes } from '../../../platform/http/routes/register-routes.ts';
import type { Component } from '../../../platform/lifecycle.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { ControlStore } from '../../../platform/sql/control-store.ts';
import { createStartRun, type StartRun } from '../../../usage/maintenance-runs.ts';
import { orUnavailable } from '../../../usage/query/clickhouse-usage-store.ts';
import { createArchives } from '../../../usage/retention/archive-sources.ts';
import { createRetentionRoutes } from '../../../usage/retention/retention-routes.ts';
import type { Config } from '../../config.ts';
import type { ControlTables } from '../../declared.ts';
import type { ClickHouse } from '../../stores/clickhouse.ts';

export interface RetentionPartDeps extends Pick<ClickHouse, 'pool' | 'maintenance'> {
  readonly control: ControlStore<ControlTables>;
  readonly audit: AuditLog;
  readonly completeThroughMs: () => number | undefined;
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RetentionPart {
  readonly routes: RegisterRoutes;
  readonly components: readonly Component[];
}

const everyMs = 60_000;
const intervalMs = 600_000;
/**
 * Minimum time between archiving a month and dropping its sessions, without QUERY_TIMEOUT, which is added. It is much
 * longer than the 10 s for which usage queries cache the list of archives.
 */
const publishMs = 300_000;

/** Creates the route of the retention status and, if EVENT_RETENTION is set, the task that archives and drops months. */
export function createRetentionPart(
  { eventRetention, queryTimeout }: Pick<Config, 'eventRetention' | 'queryTimeout'>,
  deps: RetentionPartDeps,
): RetentionPart {
  const { pool, maintenance, control, logger } = deps;
  const keepMs = eventRetention ?? Number.POSITIVE_INFINITY;
  const retention = createRetention(
    { keepMs, publishMs: publishMs + queryTimeout },
    { ...deps, client: maintenance },
  );
  const archives = createArchives(
    (sql) => pool.rows(sql, {}),
    () => performance.now(),
  );
  const startRun = createStartRun(control);
  return {
    routes: createRetentionRoutes({
      retentionMs: eventRetention,
      status: () => orUnavailable(retention.status()),
      retainedFromMs: () => orUnavailable(archives.retainedFromMs()),
      requireAll: requireAllOrganisations,
    }),
    components:
      eventRetention === undefined
        ? []
        : [createPeriodicTask('retention', everyMs, () => runOnce(retention, startRun, deps), logger)],
  };
}

async function runOnce(
  retention: Retention,
  startRun: StartRun,
  { audit, clock, logger }: RetentionPartDeps,
): Promise<void> {
  if (!(await startRun('retention', clock.nowMs(), intervalMs))) return;
  const { archived, dropped, kept } = await retention.run();
  for (const month of archived)
    logger.info({ month }, 'a month is archived, and its sessions are dropped next');
  for (const { month, reason } of kept) logger.warn({ month, reason }, 'the retention keeps a month');
  for (const { month, sessions, id } of dropped) {
    logger.info({ month, sessions }, 'the sessions of a month were dropped');
    await audit.record({
      ...{ actor: 'watmeter', action: 'retention.drop', target: String(month), result: 'OK' },
      details: { archive: id, sessions },
    });
  }
}
