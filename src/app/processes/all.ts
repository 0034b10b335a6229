import type { ApiTokens } from '../../access/api-tokens/api-tokens.ts';
import { noGateways } from '../../completeness/gateways.ts';
import { systemClock } from '../../platform/clock.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import { lockDataDirectory } from '../../platform/files/data-directory.ts';
import type { Config } from '../config.ts';
import { createHttp } from '../http.ts';
import { createMetrics, readCounter } from '../metrics.ts';
import { createApiRoutes } from '../parts/api.ts';
import { createCompletenessPart } from '../parts/completeness.ts';
import { createJournalConsumer, createKafkaConsumer } from '../parts/consumer.ts';
import { createControlPart } from '../parts/control.ts';
import { createGatewayPart } from '../parts/gateway.ts';
import { createJournalPart } from '../parts/journal.ts';
import { createMaintenancePart } from '../parts/maintenance/maintenance.ts';
import { createRollUpTask } from '../parts/maintenance/roll-ups.ts';
import { createRelayedJournal } from '../parts/relay.ts';
import { openClickHouse } from '../stores/clickhouse.ts';
import { createClickHouseProbe } from '../stores/clickhouse-probe.ts';
import { acceptingDuringConversion, conversionComponent } from '../stores/table-conversion.ts';
import { createProcess, type ProcessDeps, type WatmeterProcess } from './process.ts';

export interface AllProcess extends WatmeterProcess {
  /** Creates the administrator token on the first start of a process. */
  readonly apiTokens: Pick<ApiTokens, 'hasAdmin' | 'setAdmin'>;
}

/** Creates the process for the role `all`: gateway, journal, sink, API and dashboard. */
export async function createAllProcess(config: Config, deps: ProcessDeps): Promise<AllProcess> {
  const { logger, clock = systemClock } = deps;
  const failpoint = failpointOf(config);
  const metrics = createMetrics(logger);
  const isDirect = config.kafkaBrokers === undefined;

  const lock = lockDataDirectory(config.dataDir);
  const controlPart = await createControlPart(config, { clock, logger, metrics });
  const { control, sealer, changeListeners, organisations, tokens, access } = controlPart;
  const onProgress = (text: string) => logger.info(text);
  const clickHouse = await openClickHouse(config, { clock, failpoint, onProgress });
  const { eventStore, insertWatermarks, pool, conversion, close } = clickHouse;
  const probe = createClickHouseProbe(clickHouse, logger);
  const journalPart = isDirect
    ? createJournalPart(config, { clock, failpoint, logger, metrics })
    : await createRelayedJournal(config, { control, clock, failpoint, logger, metrics });
  const { journal } = journalPart;
  const gateway = await createGatewayPart(config, {
    ...{ control, sealer, changeListeners, tokens, noteRefusal: access.refusals.count },
    ...{ viewerKeyOf: organisations.viewerKeyOf, journal, clock, logger, metrics },
  });
  const consumer = isDirect
    ? createJournalConsumer(config, { journal, eventStore, failpoint, logger, metrics })
    : createKafkaConsumer(config, { eventStore, insertWatermarks, failpoint, logger, metrics });
  const completeness = createCompletenessPart({ control, pool, clock, logger, metrics });
  const { completeThroughMs } = isDirect ? journal : completeness;
  const maintenance = await createMaintenancePart(config, {
    ...{ ...clickHouse, audit: access.audit, control, sealer, organisations, tokens, journal },
    ...{ completeThroughMs, failpoint, clock, logger, metrics },
  });
  const api = createApiRoutes(config, {
    maintenanceRoutes: maintenance.routes,
    ...(isDirect ? { gateways: noGateways } : completeness),
    ...{ control, organisations, tokens, access, eventStore, pool, journal },
    ...{ completeThroughMs, clock, logger, metrics },
    duplicatesDropped: () => readCounter(metrics.duplicates),
  });

  const { hooks, mayOperate } = controlPart;
  const { workers } = gateway;
  const { stalled } = consumer;
  const storing = acceptingDuringConversion(consumer.checks, conversion);
  const dependencies = [...controlPart.checks, ...probe.checks];
  const checks = [...journalPart.checks, ...dependencies, ...workers.checks, ...storing];
  const routes = [hooks, gateway.routes, ...api];
  const server = { ...config, ...workers.mainServer };
  const http = await createHttp(server, { logger, metrics, clock, checks, stalled, mayOperate, routes });
  const components = [
    { name: 'data directory', stop: lock.release },
    ...controlPart.components,
    { name: 'ClickHouse', stop: close },
    ...probe.components,
    ...journalPart.components,
    ...gateway.components,
    ...(isDirect ? [] : [completeness.component]),
    ...consumer.components,
    ...maintenance.components,
    createRollUpTask({ ...clickHouse, failpoint, clock, logger, metrics }),
    conversionComponent(conversion),
  ];
  return {
    ...createProcess({ components, http, workers, stalled }, logger),
    apiTokens: access.tokens,
  };
}
