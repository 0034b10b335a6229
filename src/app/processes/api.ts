import { systemClock } from '../../platform/clock.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import type { Config } from '../config.ts';
import { createHttp } from '../http.ts';
import { createMetrics } from '../metrics.ts';
import { createApiRoutes } from '../parts/api.ts';
import { createCompletenessPart } from '../parts/completeness.ts';
import { createControlPart } from '../parts/control.ts';
import { createMaintenancePart } from '../parts/maintenance/maintenance.ts';
import { requireRoleSettings } from '../roles.ts';
import { openClickHouse } from '../stores/clickhouse.ts';
import { createClickHouseProbe } from '../stores/clickhouse-probe.ts';
import { createProcess, type ProcessDeps, type WatmeterProcess } from './process.ts';

/** Creates the process that serves configurations, usage and the dashboard. */
export async function createApiProcess(config: Config, deps: ProcessDeps): Promise<WatmeterProcess> {
  requireRoleSettings('api', config);
  const { logger, clock = systemClock } = deps;
  const metrics = createMetrics(logger);

  const controlPart = await createControlPart(config, { clock, logger, metrics });
  const { control, sealer, organisations, tokens, access, hooks, mayOperate } = controlPart;
  const failpoint = failpointOf(config);
  const clickHouse = await openClickHouse(config, { clock, failpoint });
  const { eventStore, pool, close } = clickHouse;
  const probe = createClickHouseProbe(clickHouse, logger);
  const completeness = createCompletenessPart({ control, pool, clock, logger, metrics });
  const { completeThroughMs } = completeness;
  const maintenance = await createMaintenancePart(config, {
    ...{ ...clickHouse, audit: access.audit, control, sealer, organisations, tokens, journal: undefined },
    ...{ completeThroughMs, failpoint, clock, logger, metrics },
  });
  const api = createApiRoutes(config, {
    maintenanceRoutes: maintenance.routes,
    ...completeness,
    ...{ control, organisations, tokens, access, eventStore, pool },
    ...{ completeThroughMs, clock, logger, metrics },
    // The API process has no journal and no sink, because other processes (gateways and consumers) have them.
    ...{ journal: undefined, duplicatesDropped: async () => undefined },
  });

  const routes = [hooks, ...api];
  const checks = [...controlPart.checks, ...probe.checks];
  const http = await createHttp(config, { logger, metrics, clock, checks, mayOperate, routes });
  const components = [
    ...controlPart.components,
    { name: 'ClickHouse', stop: close },
    ...probe.components,
    completeness.component,
    ...maintenance.components,
  ];
  return createProcess({ components, http }, logger);
}
