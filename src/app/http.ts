import type { AddressInfo } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { type IntegrityCheck, registerIntegrityRoutes } from '../../consumers/recovery/integrity-routes.ts';
import { registerApiTokenRoutes } from '../access/api-tokens/api-token-routes.ts';
import { findApiToken } from '../access/api-tokens/api-token-rows.ts';
import { registerAuditHook } from '../access/audit/audit-hook.ts';
import { registerAuditRoutes } from '../access/audit/audit-routes.ts';
import { bearerOf, identify, registerGuard } from '../access/guard/guard.ts';
import { registerOrganisationRoutes, requireAll } from '../access/organisations/organisation-routes.ts';
import { defaultOrganisationId } from '../access/organisations/organisations.ts';
import { principalOf } from '../access/principal/principal.ts';
import { registerUiSessionRoutes } from '../access/sign-in/sign-in-routes.ts';
import type { Config } from '../config/settings.ts';
import type { Outcomes } from '../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../gateway/exchange/refusal-limiter.ts';
import { linkPrefix } from '../gateway/links/link-url.ts';
import type { Clock } from '../platform/clock.ts';
import { isSameSecret } from '../platform/crypto/secrets.ts';
import { AppError } from '../platform/errors/errors.ts';
import { collectRoutes } from '../platform/http/collect-routes.ts';
import { registerOpenApiRoute } from '../platform/http/openapi/routes.ts';
import { createMethodNotAllowed } from '../platform/http/problems/method-not-allowed.ts';
import { takeOnlyHandedOver } from '../platform/http/proxied-requests.ts';
import { createHttpServer, type HttpServer } from '../platform/http/server.ts';
import { type ReadinessCheck, registerSystemRoutes } from '../platform/http/system-routes.ts';
import { registerWebApp } from '../platform/http/web-app.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { registerTokenRoutes } from '../tokens/configurations/configuration-routes.ts';
import type { Reach } from '../tokens/configurations/token-scope.ts';
import { registerDirectoryRoutes } from '../tokens/directory/directory-routes.ts';
import { registerAuthRoutes } from '../tokens/issuing/auth-routes.ts';
import { registerTokenToolRoutes } from '../tokens/issuing/tool-routes.ts';
import { registerUsageRoutes } from '../usage/routes.ts';
import type { UsageService } from '../usage/usage.ts';
import { describeApi } from './api-description.ts';
import { actionOf } from './audited-actions.ts';
import type { Control } from './control.ts';
import { projectPaths } from './data-paths.ts';
import { type Gateway, type GatewayHttpConfig, registerGateway } from './gateway-http.ts';
import { createTokenTools, type TokenToolsConfig } from './token-tools.ts';

export type HttpConfig = Pick<Config, 'host' | 'port' | 'trustProxy' | 'publicUrl' | 'metricsToken'> & {
  /** Where others hand requests over, that take the connections: knowing this, and nobody else is answered. */
  readonly handedOverBy?: string | undefined;
} & TokenToolsConfig &
  GatewayHttpConfig;

export interface HttpDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Without it there is only health and metrics. */
  readonly control: Control | undefined;
  /** What makes sessions; not in every role. */
  readonly gateway: Gateway | undefined;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  readonly usage: UsageService | undefined;
  readonly integrity: IntegrityCheck | undefined;
  readonly checks: readonly ReadinessCheck[];
  readonly stalled: () => string | undefined;
}

/** The routes of a process's role on one server. It listens from `start` on; `address` is where. */
export async function createHttp(config: HttpConfig, deps: HttpDeps) {
  const { control, gateway, usage, logger } = deps;
  const server = await createHttpServer({ ...config, pagesBelow: linkPrefix }, logger);
  if (config.handedOverBy !== undefined) takeOnlyHandedOver(server.server, config.handedOverBy);
  const methods = createMethodNotAllowed(server);
  const routes = collectRoutes(server);
  const guard = control && { ...control, publicUrl: config.publicUrl };

  if (guard !== undefined) {
    registerGuard(server, guard);
    registerAuditHook(server, { ...guard, logger, actionOf, organisationOf: ownerIn(guard) });
  }
  if (gateway !== undefined) registerGateway(server, config, { ...deps, gateway });
  if (control !== undefined && usage !== undefined)
    registerApiRoutes(server, config, { ...deps, control, usage });
  if (guard !== undefined && deps.integrity !== undefined)
    registerIntegrityRoutes(server, deps.integrity, (request) => requireAll(principalOf(request)));
  const openApi = () => describeApi(ownRoutes, config.publicUrl);
  registerOpenApiRoute(server, openApi);
  registerSystemRoutes(server, {
    checks: deps.checks,
    stalled: deps.stalled,
    metrics: deps.metrics,
    metricsToken: config.metricsToken,
    // Health is told without the control store, too: then without the details.
    mayOperate: async (request) => {
      const principal = guard && (await identify(request, guard).catch(() => undefined));
      return principal?.scopes.includes('ops') ?? false;
    },
    hasBearer: (request, token) => isSameSecret(bearerOf(request) ?? '', token),
  });
  if (usage !== undefined) await registerWebApp(server, projectPaths.webApp, logger);
  // What only says that a method is not allowed comes after, and is no route of its own.
  const ownRoutes = [...routes];
  methods.finish();

  return {
    name: 'http',
    server,
    routes: ownRoutes,
    openApi,
    async start() {
      await server.listen({ host: config.host, port: config.port });
    },
    stop: () => server.close(),
    /** Where it listens, as a URL; only after `start`. */
    address(): string {
      const { family, address, port } = addressOf(server);
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    },
    port: () => addressOf(server).port,
  };
}

function addressOf({ server }: HttpServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address;
}

/** What people and programs ask for and change: token configurations, usage, the dashboard's session. */
function registerApiRoutes(
  server: HttpServer,
  config: HttpConfig,
  { control, usage, clock }: { control: Control; usage: UsageService; clock: Clock },
): void {
  const { configurations, configurationStore } = control;
  const { directoryStore, requests, ...tools } = createTokenTools(config, control, clock);
  registerTokenRoutes(server, { configurations, organisationOf, homeOrganisationOf });
  registerTokenToolRoutes(server, { ...tools, organisationOf });
  registerAuthRoutes(server, { requests, revoking: control.revoking, reachOf });
  registerDirectoryRoutes(server, { directory: directoryStore, clock, homeOrganisationOf });
  registerUsageRoutes(server, {
    usage,
    organisationOf,
    async configurationName(id, organisationId) {
      const found = await configurationStore.find(id, organisationId);
      if (found === undefined) throw new AppError('configuration_not_found');
      return found;
    },
  });
  registerUiSessionRoutes(server, { ...control, publicUrl: config.publicUrl });
  registerApiTokenRoutes(server, { ...control, clock });
  registerOrganisationRoutes(server, control.organisations);
  registerAuditRoutes(server, control);
}

/** Whose a configuration or an API token is, for the audit log. */
function ownerIn({ configurationStore, store }: Control) {
  return async (action: string, target: string): Promise<string | undefined> => {
    if (action.startsWith('configuration.') || action.startsWith('token.'))
      return (await configurationStore.find(target, undefined))?.organisationId;
    if (action.startsWith('api-token.'))
      return (await findApiToken(store, target, undefined))?.organisationId;
    return undefined;
  };
}

function organisationOf(request: FastifyRequest): string | undefined {
  return request.principal?.organisationId;
}

/** What an API token may request and revoke. */
function reachOf(request: FastifyRequest): Reach {
  const { organisationId, configurationIds } = principalOf(request);
  return { organisationId, configurationIds };
}

function homeOrganisationOf(request: FastifyRequest): string {
  return organisationOf(request) ?? defaultOrganisationId;
}
