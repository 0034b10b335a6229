import { createIntegrityRoutes } from '../../../consumers/recovery/integrity-routes.ts';
import type { Organisations } from '../../access/organisations/organisations.ts';
import {
  homeOrganisationOf,
  organisationOf,
  requireAllOrganisations,
  tokenIdOf,
  tokenScopeOf,
} from '../../access/request-organisation.ts';
import { type AccessHttpConfig, createAccessRoutes } from '../../access/routes.ts';
import { createGatewayListRoutes } from '../../completeness/gateway-routes.ts';
import type { Gateways } from '../../completeness/gateways.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import { registerWebApp } from '../../platform/http/web-app.ts';
import { createTokenRoutes } from '../../tokens/routes.ts';
import type { TokenToolsConfig } from '../../tokens/token-tools.ts';
import type { Tokens } from '../../tokens/tokens.ts';
import type { Config } from '../config.ts';
import { projectPaths } from '../data-paths.ts';
import { createImportPart, type ImportPartDeps } from './import.ts';
import { createIntegrityCheck, type IntegrityDeps } from './integrity.ts';
import { createUsagePart, type UsageConfig, type UsagePartDeps } from './usage.ts';

export type ApiConfig = TokenToolsConfig & AccessHttpConfig & UsageConfig & Pick<Config, 'kafkaBrokers'>;

export interface ApiDeps extends UsagePartDeps, Pick<ImportPartDeps, 'eventStore'> {
  readonly organisations: Organisations;
  readonly tokens: Tokens;
  readonly gateways: Gateways;
  /** Routes for forgetting viewers, and for the retention status. */
  readonly maintenanceRoutes: readonly RegisterRoutes[];
  /** Journal of this process. Undefined for a role without a journal. */
  readonly journal: IntegrityDeps['journal'];
}

/** First path segments of the HTTP API. The dashboard's pages never begin with them. */
const reservedSegments = ['api', 'wat', 'health', 'metrics', '.well-known', 'assets'];

/**
 * Creates the API routes that require an API token or a dashboard session, and the routes that serve the dashboard.
 */
export function createApiRoutes(config: ApiConfig, deps: ApiDeps): RegisterRoutes[] {
  const { control, organisations, tokens, access, pool, journal, clock, logger } = deps;
  return [
    createTokenRoutes(config, {
      ...{ control, tokens, clock, organisationOf, homeOrganisationOf },
      ...{ tokenScopeOf, tokenIdOf },
    }),
    createUsagePart(config, deps),
    ...deps.maintenanceRoutes,
    createAccessRoutes(config, { control, access, organisations, clock }),
    createIntegrityRoutes({
      check: createIntegrityCheck(config, { pool, journal, clock }),
      gateways: deps.gateways.list,
      requireAll: requireAllOrganisations,
    }),
    createGatewayListRoutes({
      gateways: deps.gateways,
      completeThroughMs: deps.completeThroughMs,
      requireAll: requireAllOrganisations,
    }),
    createImportPart(deps),
    (server) =>
      registerWebApp(server, { directory: projectPaths.webApp, reserved: reservedSegments }, logger),
  ];
}
