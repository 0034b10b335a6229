import { systemClock } from '../../platform/clock.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import { lockDataDirectory } from '../../platform/files/data-directory.ts';
import type { Config } from '../config.ts';
import { createHttp } from '../http.ts';
import { createMetrics } from '../metrics.ts';
import { createControlPart } from '../parts/control.ts';
import { createGatewayPart } from '../parts/gateway.ts';
import { createRelayedJournal } from '../parts/relay.ts';
import { requireRoleSettings } from '../roles.ts';
import { createProcess, type ProcessDeps, type WatmeterProcess } from './process.ts';

/** Creates the process that exchanges tokens and sends the sessions from its journal to Kafka. */
export async function createGatewayProcess(config: Config, deps: ProcessDeps): Promise<WatmeterProcess> {
  requireRoleSettings('gateway', config);
  const { logger, clock = systemClock } = deps;
  const failpoint = failpointOf(config);
  const metrics = createMetrics(logger);

  const lock = lockDataDirectory(config.dataDir);
  const controlPart = await createControlPart(config, { clock, logger, metrics });
  const { control, sealer, changeListeners, organisations, tokens, access, hooks, mayOperate } = controlPart;
  const journalPart = await createRelayedJournal(config, { control, clock, failpoint, logger, metrics });
  const { viewerKeyOf } = organisations;
  const gateway = await createGatewayPart(config, {
    ...{ control, sealer, changeListeners, tokens, viewerKeyOf, noteRefusal: access.refusals.count },
    ...{ journal: journalPart.journal, clock, logger, metrics },
  });

  const { workers } = gateway;
  const checks = [...journalPart.checks, ...controlPart.checks, ...workers.checks];
  const routes = [hooks, gateway.routes];
  const server = { ...config, ...workers.mainServer };
  const http = await createHttp(server, { logger, metrics, clock, checks, mayOperate, routes });
  const components = [
    { name: 'data directory', stop: lock.release },
    ...controlPart.components,
    ...journalPart.components,
    ...gateway.components,
  ];
  return createProcess({ components, http, workers }, logger);
}
