import type { FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import { isStillAllowed } from '../../access/guard/guard.ts';
import { organisationOf, tokenIdOf } from '../../access/request-organisation.ts';
import { createFairQueue } from '../../platform/background/fair-queue.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, addLabelledGauge, type Metrics } from '../../platform/metrics.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import type { ConfigurationStore } from '../../tokens/configurations/configuration-store.ts';
import { tokenErrors } from '../../tokens/declarations/errors.ts';
import type { UsageMetrics } from '../../usage/declarations/metrics.ts';
import { createLiveFeed } from '../../usage/live/live-feed.ts';
import { createClickHouseUsageStore } from '../../usage/query/clickhouse-usage-store.ts';
import { joinMonthSources } from '../../usage/query/steps/month-source.ts';
import { createRankings } from '../../usage/rankings/rankings.ts';
import { createArchives } from '../../usage/retention/archive-sources.ts';
import { createRollUpMonths } from '../../usage/rollups/roll-up-months.ts';
import { createUsageRoutes } from '../../usage/routes.ts';
import { createTagBudget, type TagBudget } from '../../usage/tag-budget/tag-budget.ts';
import type { Config } from '../config.ts';
import type { ControlTables } from '../declared.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';

export type UsageConfig = Pick<
  Config,
  'publicUrl' | 'queryConcurrency' | 'queryQueue' | 'slowQuery' | 'usageLiveClients' | 'usageTagBudget'
>;

export interface UsagePartDeps {
  readonly control: ControlStore<ControlTables>;
  readonly tokens: { readonly configurationStore: Pick<ConfigurationStore, 'find' | 'listIncludingDeleted'> };
  readonly access: Access;
  readonly pool: ClickHouse['pool'];
  /**
   * Returns an instant before which every accepted session is stored. Undefined if this process does not know the
   * instant.
   */
  readonly completeThroughMs: () => number | undefined;
  /** Returns the number of producers that `completeThroughMs` does not cover. Omitted without a cluster. */
  readonly unwatchedProducers?: (() => number) | undefined;
  /**
   * Returns the number of events that this process's sinks dropped as duplicates, or undefined for a role without
   * sinks.
   */
  readonly duplicatesDropped: () => Promise<number | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics & UsageMetrics;
}

/**
 * Minimum number of rows of the roll-ups that queries use. With 200 tags, projections are faster. With a million tags,
 * roll-ups are faster.
 */
const rollUpRows = 20_000;

/** Creates the usage routes, with the queue for usage queries and the feed for the live stream. */
export function createUsagePart(config: UsageConfig, deps: UsagePartDeps): RegisterRoutes {
  const { control, tokens, access, pool, clock, logger, metrics } = deps;
  const { completeThroughMs, duplicatesDropped } = deps;
  const archives = createArchives(
    (sql) => pool.rows(sql, {}),
    () => performance.now(),
  );
  const rollUps = createRollUpMonths(
    { maxAgeMs: 5000, minRows: rollUpRows },
    { pool, monotonicMs: () => performance.now() },
  );
  const months = joinMonthSources(archives, rollUps);
  const store = createClickHouseUsageStore(pool, months, archives.retainedFromMs);
  const feed = createLiveFeed(
    { maxClients: config.usageLiveClients },
    { store, clock, completeThroughMs, logger },
  );
  const queue = createFairQueue({ maxRunning: config.queryConcurrency, maxWaiting: config.queryQueue });
  const tagBudget = createTagBudget(
    { maxTags: config.usageTagBudget },
    { store, monotonicMs: () => performance.now() },
  );
  addTagGauges(metrics, tagBudget);
  addGauge(metrics.registry, 'watmeter_usage_live_clients', 'Open streams of live usage', feed.clients);
  addLabelledGauge(
    metrics.registry,
    { name: 'watmeter_usage_queries', help: 'Usage queries that run or wait', label: 'state' },
    () => [
      ['running', queue.running()],
      ['waiting', queue.waiting()],
    ],
  );
  return createUsageRoutes({
    ...{ store, feed, queue, tagBudget, clock, logger, metrics, completeThroughMs, duplicatesDropped },
    unwatchedProducers: deps.unwatchedProducers,
    ...{ organisationOf, tokenOf: tokenIdOf, slowQueryMs: config.slowQuery },
    rankings: createRankings({ control, clock }),
    isStillAllowed: (request: FastifyRequest) => isStillAllowed(request, { ...config, ...access }),
    configurationsOf: tokens.configurationStore.listIncludingDeleted,
    configurationName: createConfigurationName(tokens.configurationStore),
  });
}

function addTagGauges({ registry }: Metrics, { mostTags, exceededCount }: TagBudget): void {
  addGauge(
    registry,
    'watmeter_usage_distinct_tags_max',
    'Distinct tags of the organisation with the most tags',
    mostTags,
  );
  addGauge(
    registry,
    'watmeter_usage_organisations_over_tag_budget',
    'Organisations with more distinct tags than USAGE_TAG_BUDGET',
    exceededCount,
  );
}

/** Returns a function that finds the name of a configuration, including deleted ones. */
function createConfigurationName({ find }: Pick<ConfigurationStore, 'find'>) {
  return async (id: string, organisationId: string | undefined) => {
    const configuration = await find(id, organisationId);
    if (configuration === undefined) throw new AppError(tokenErrors.configuration_not_found);
    return configuration;
  };
}
