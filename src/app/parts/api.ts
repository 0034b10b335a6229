import type { FastifyRequest } from 'fastify';
import { createIntegrityRoutes } from '../../../consumers/recovery/integrity-routes.ts';
import type { Access } from '../../access/access.ts';
import { isStillAllowed } from '../../access/guard/guard.ts';
import type { Organisations } from '../../access/organisations/organisations.ts';
import {
  homeOrganisationOf,
  organisationOf,
  requireAllOrganisations,
  tokenIdOf,
  tokenScopeOf,
} from '../../access/request-organisation.ts';
import { type AccessHttpConfig, createAccessRoutes } from '../../access/routes.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import { registerWebApp } from '../../platform/http/web-app.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import type { ConfigurationStore } from '../../tokens/configurations/configuration-store.ts';
import { tokenErrors } from '../../tokens/declarations/errors.ts';
import { createTokenRoutes } from '../../tokens/routes.ts';
import type { TokenToolsConfig } from '../../tokens/token-tools.ts';
import type { Tokens } from '../../tokens/tokens.ts';
import { createLiveFeed } from '../../usage/live/live-feed.ts';
import { createClickHouseUsageStore } from '../../usage/query/clickhouse-usage-store.ts';
import { createRankings } from '../../usage/rankings/rankings.ts';
import { createUsageRoutes } from '../../usage/routes.ts';
import type { Config } from '../config.ts';
import { projectPaths } from '../data-paths.ts';
import type { ControlTables } from '../declared.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';
import { createIntegrityCheck, type IntegrityDeps } from './integrity.ts';

export type ApiConfig = TokenToolsConfig &
  AccessHttpConfig &
  Pick<Config, 'kafkaBrokers' | 'usageLiveClients'>;

export interface ApiDeps {
  readonly control: ControlStore<ControlTables>;
  readonly organisations: Organisations;
  readonly tokens: Tokens;
  readonly access: Access;
  readonly pool: ClickHouse['pool'];
  /** The journal of this process. Undefined in a role without a journal. */
  readonly journal: IntegrityDeps['journal'];
  /** Returns the instant before which every accepted session is stored. Undefined if this process does not know it. */
  readonly completeThroughMs: () => number | undefined;
  /** Returns the events that the sinks of this process dropped as duplicates; undefined in a role without sinks. */
  readonly duplicatesDropped: () => Promise<number | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Returns the routes of the API that need an API token or a dashboard session, and the dashboard. */
export function createApiRoutes(config: ApiConfig, deps: ApiDeps): RegisterRoutes[] {
  const { control, organisations, tokens, access, pool, journal, clock, logger } = deps;
  const { completeThroughMs, duplicatesDropped, metrics } = deps;
  const store = createClickHouseUsageStore(pool);
  const feed = createLiveFeed(
    { maxClients: config.usageLiveClients },
    { store, clock, completeThroughMs, logger },
  );
  addGauge(metrics.registry, 'watmeter_usage_live_clients', 'Open streams of live usage', feed.clients);
  return [
    createTokenRoutes(config, { control, tokens, clock, organisationOf, homeOrganisationOf, tokenScopeOf }),
    createUsageRoutes({
      ...{
        store,
        feed,
        rankings: createRankings({ control, clock }),
        completeThroughMs,
        duplicatesDropped,
        clock,
        organisationOf,
        logger,
        tokenOf: tokenIdOf,
        isStillAllowed: (request: FastifyRequest) => isStillAllowed(request, { ...config, ...access }),
      },
      configurationsOf: tokens.configurationStore.listIncludingDeleted,
      configurationName: createConfigurationName(tokens.configurationStore),
    }),
    createAccessRoutes(config, { control, access, organisations, clock }),
    createIntegrityRoutes({
      check: createIntegrityCheck(config, { pool, journal, clock }),
      requireAll: requireAllOrganisations,
    }),
    (server) => registerWebApp(server, projectPaths.webApp, logger),
  ];
}

/** Returns the lookup of a configuration's name for usage. It includes deleted configurations. */
function createConfigurationName({ find }: Pick<ConfigurationStore, 'find'>) {
  return async (id: string, organisationId: string | undefined) => {
    const configuration = await find(id, organisationId);
    if (configuration === undefined) throw new AppError(tokenErrors.configuration_not_found);
    return configuration;
  };
}
