import { createSteadyCheck } from '../../consumers/recovery/integrity/check.ts';
import { createClickHouseIntegrityStore } from '../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import type { IntegrityCheck } from '../../consumers/recovery/integrity-routes.ts';
import type { Config } from '../config/settings.ts';
import { createRefusalLimiter } from '../gateway/exchange/refusal-limiter.ts';
import type { Journal } from '../journal/log/journal.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createKillingFailpoint, type Failpoint, noFailpoints } from '../platform/failpoints.ts';
import { lockDataDirectory } from '../platform/files/data-directory.ts';
import { type Component, createLifecycle } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createClickHouseUsageStore } from '../usage/clickhouse-usage-store.ts';
import { createUsage } from '../usage/usage.ts';
import { type ClickHouse, openClickHouse } from './clickhouse.ts';
import { openControl } from './control.ts';
import { createHttp } from './http.ts';
import { createOutcomes } from './outcomes.ts';
import { createJournalConsumer, createKafkaConsumer } from './parts/consumer.ts';
import { addDroppedGauge, notesOf, watchesOf } from './parts/control-parts.ts';
import type { PartDeps } from './parts/part.ts';
import { createSessionMaking } from './parts/session-making.ts';
import type { Role } from './roles.ts';

export interface AppDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
}

export type App = Awaited<ReturnType<typeof assemble>>;

/**
 * The parts of a role, on the stores that the settings name. Opens the stores and wires the parts; nothing runs before
 * `start`. `stop` ends in reverse: no more requests, then relay and sinks, then the stores.
 */
export async function assemble(role: Role, config: Config, { logger, clock = systemClock }: AppDeps) {
  const deps: PartDeps = { logger, clock, failpoint: failpointOf(config), metrics: createMetrics() };
  const stores = await openStores(role, config, deps);
  const { lock, control, clickHouse } = stores;
  const parts = await createParts(role, config, deps, stores);
  const { journal, gateway, workers, consumer, usage, outcomes, limiter } = parts;
  const stalled = consumer?.stalled ?? (() => undefined);
  const http = await createHttp(workers ? { ...config, ...workers.behind } : config, {
    ...{ ...deps, control, gateway, usage, limiter, outcomes, stalled },
    integrity: usage && clickHouse && createIntegrity(config, deps, clickHouse, journal?.journal),
    checks: [journal, workers, consumer].flatMap((part) => part?.checks ?? []),
  });
  const components: Component[] = [
    ...(lock ? [{ name: 'data directory', stop: lock.release }] : []),
    ...(control ? [{ name: 'control store', stop: () => control.store.destroy() }] : []),
    ...(control ? notesOf(control) : []),
    ...(clickHouse ? [{ name: 'ClickHouse', stop: clickHouse.close }] : []),
    ...[journal, gateway, consumer].flatMap((part) => part?.components ?? []),
    ...(control ? watchesOf(control, clock, logger) : []),
    http,
    ...(workers ? [workers.before(http)] : []),
  ];
  if (control) addDroppedGauge(deps.metrics, control);
  const { routes, openApi } = http;
  const address = workers?.address ?? http.address;
  return { ...createLifecycle(components, logger), address, routes, openApi, control, stalled };
}

type Stores = Awaited<ReturnType<typeof openStores>>;

async function openStores(role: Role, config: Config, deps: PartDeps) {
  const lock = usesDataDirectory(role, config) ? lockDataDirectory(config.dataDir) : undefined;
  return {
    lock,
    control: hasPart(role, 'gateway', 'api') ? await openControl(config, deps.clock) : undefined,
    clickHouse: hasPart(role, 'consumer', 'api') ? await openClickHouse(config, deps) : undefined,
  };
}

async function createParts(role: Role, config: Config, deps: PartDeps, { control, clickHouse }: Stores) {
  const outcomes = createOutcomes(deps.metrics, control);
  const limiter = createRefusalLimiter(() => performance.now());
  const making =
    control && hasPart(role, 'gateway')
      ? await createSessionMaking(config, { ...deps, control, outcomes, limiter })
      : undefined;
  const journal = making?.journal.journal;
  const consumer =
    clickHouse && hasPart(role, 'consumer')
      ? createConsumer(config, { ...deps, clickHouse, journal })
      : undefined;
  const usage =
    control && clickHouse && hasPart(role, 'api')
      ? createUsage({
          store: createClickHouseUsageStore(clickHouse.pool),
          clock: deps.clock,
          configurationsOf: control.configurationStore.listEver,
          completeThroughMs: completeThroughOf(config, journal),
        })
      : undefined;
  return { ...making, consumer, usage, outcomes, limiter };
}

function hasPart(role: Role, ...parts: Role[]): boolean {
  return role === 'all' || parts.includes(role);
}

/** Known only where journal and sink are in this process, with nothing between them. */
function completeThroughOf(config: Config, journal: Journal | undefined): () => number | undefined {
  return journal === undefined || config.kafkaBrokers !== undefined
    ? () => undefined
    : journal.completeThroughMs;
}

/** The process's own journal is the one that it can reach; other ones, `watmeter verify --journal` can. */
function createIntegrity(
  config: Config,
  { clock }: PartDeps,
  { pool }: ClickHouse,
  journal: Journal | undefined,
): IntegrityCheck {
  return createSteadyCheck({
    store: createClickHouseIntegrityStore({
      rows: (sql, settings) => pool.rows(sql, {}, settings),
      run: () => Promise.reject(new Error('a check changes nothing')),
    }),
    journals: journal ? [{ name: 'own', startPosition: journal.startPosition, read: journal.read }] : [],
    clock,
    isStoredWhenGone: config.kafkaBrokers === undefined,
  });
}

export function failpointOf({ dangerousFailpoint }: Pick<Config, 'dangerousFailpoint'>): Failpoint {
  return dangerousFailpoint === undefined ? noFailpoints : createKillingFailpoint(dangerousFailpoint);
}

function usesDataDirectory(role: Role, config: Config): boolean {
  if (role === 'all' || role === 'gateway') return true;
  return config.clickhouseUrl === undefined || (role === 'api' && config.databaseUrl === undefined);
}

function createConsumer(
  config: Config,
  deps: PartDeps & {
    readonly clickHouse: ClickHouse;
    readonly journal: Parameters<typeof createJournalConsumer>[1]['journal'] | undefined;
  },
) {
  const { journal } = deps;
  if (config.kafkaBrokers !== undefined) return createKafkaConsumer(config, deps);
  if (journal === undefined) throw new Error('KAFKA_BROKERS must be set for a consumer without a gateway');
  return createJournalConsumer(config, { ...deps, journal });
}
