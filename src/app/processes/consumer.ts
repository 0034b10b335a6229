import { systemClock } from '../../platform/clock.ts';
import { failpointOf } from '../../platform/failpoints.ts';
import type { Config } from '../config.ts';
import { createHttp } from '../http.ts';
import { createMetrics } from '../metrics.ts';
import { createKafkaConsumer } from '../parts/consumer.ts';
import { createRollUpTask } from '../parts/maintenance/roll-ups.ts';
import { requireRoleSettings } from '../roles.ts';
import { openClickHouse } from '../stores/clickhouse.ts';
import { createClickHouseProbe } from '../stores/clickhouse-probe.ts';
import { conversionCheck, conversionComponent } from '../stores/table-conversion.ts';
import { createProcess, type ProcessDeps, type WatmeterProcess } from './process.ts';

/**
 * Creates the process that stores sessions from Kafka in ClickHouse. Its HTTP server serves only health and metrics.
 */
export async function createConsumerProcess(config: Config, deps: ProcessDeps): Promise<WatmeterProcess> {
  requireRoleSettings('consumer', config);
  const { logger, clock = systemClock } = deps;
  const failpoint = failpointOf(config);
  const metrics = createMetrics(logger);

  const onProgress = (text: string) => logger.info(text);
  const clickHouse = await openClickHouse(config, { clock, failpoint, onProgress });
  const { eventStore, insertWatermarks, conversion, close } = clickHouse;
  const probe = createClickHouseProbe(clickHouse, logger);
  const consumer = createKafkaConsumer(config, { eventStore, insertWatermarks, failpoint, logger, metrics });

  const { stalled } = consumer;
  const checks = [...consumer.checks, ...probe.checks, conversionCheck(conversion)];
  const http = await createHttp(config, { logger, metrics, clock, checks, stalled, routes: [] });
  const components = [
    { name: 'ClickHouse', stop: close },
    ...probe.components,
    ...consumer.components,
    createRollUpTask({ ...clickHouse, failpoint, clock, logger, metrics }),
    conversionComponent(conversion),
  ];
  return createProcess({ components, http, stalled }, logger);
}
