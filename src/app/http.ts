import type { FastifyRequest } from 'fastify';
import { isSameSecret } from '../access/api-tokens.ts';
import { bearerOf, identify, registerGuard } from '../access/guard.ts';
import { defaultOrganisationId } from '../access/organisations.ts';
import { registerUiSessionRoutes } from '../access/routes.ts';
import type { Config } from '../config/settings.ts';
import type { Exchange } from '../gateway/exchange.ts';
import type { RefusalLimiter } from '../gateway/refusal-limiter.ts';
import { registerGatewayRoutes } from '../gateway/routes.ts';
import { AppError } from '../platform/errors.ts';
import { createMethodNotAllowed } from '../platform/http/method-not-allowed.ts';
import { createHttpServer } from '../platform/http/server.ts';
import { type ReadinessCheck, registerSystemRoutes } from '../platform/http/system-routes.ts';
import { registerWebApp } from '../platform/http/web-app.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { registerTokenRoutes } from '../tokens/routes.ts';
import { registerUsageRoutes } from '../usage/routes.ts';
import type { UsageService } from '../usage/usage.ts';
import type { Control } from './control.ts';
import { projectPaths } from './data-paths.ts';

export type HttpConfig = Pick<Config, 'host' | 'port' | 'trustProxy' | 'publicUrl' | 'metricsToken'>;

export interface HttpDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly control: Control;
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly usage: UsageService;
  readonly checks: readonly ReadinessCheck[];
}

/** All routes on one server. It listens from `start` on; `address` is where. */
export async function createHttp(config: HttpConfig, deps: HttpDeps) {
  const { control, logger, metrics } = deps;
  const { configurations, configurationStore, tokens, uiSessions } = control;
  const server = await createHttpServer(config, logger);
  const methods = createMethodNotAllowed(server);
  const guard = { tokens, uiSessions, publicUrl: config.publicUrl };

  registerGuard(server, guard);
  registerGatewayRoutes(server, {
    exchange: deps.exchange,
    limiter: deps.limiter,
    exchanges: metrics.exchanges,
  });
  registerTokenRoutes(server, { configurations, organisationOf, homeOrganisationOf });
  registerUsageRoutes(server, {
    usage: deps.usage,
    organisationOf,
    async configurationName(id, organisationId) {
      const found = await configurationStore.find(id, organisationId);
      if (found === undefined) throw new AppError('configuration_not_found');
      return found;
    },
  });
  registerUiSessionRoutes(server, guard);
  registerSystemRoutes(server, {
    checks: deps.checks,
    metrics,
    metricsToken: config.metricsToken,
    // Health is told without the control store, too: then without the details.
    mayOperate: async (request) => {
      const principal = await identify(request, guard).catch(() => undefined);
      return principal?.scopes.includes('ops') ?? false;
    },
    hasBearer: (request, token) => isSameSecret(bearerOf(request) ?? '', token),
  });
  await registerWebApp(server, projectPaths.webApp, logger);
  methods.finish();

  return {
    name: 'http',
    server,
    async start() {
      await server.listen({ host: config.host, port: config.port });
    },
    stop: () => server.close(),
    /** Where it listens, as a URL; only after `start`. */
    address(): string {
      const address = server.server.address();
      if (address === null || typeof address === 'string') throw new Error('the server does not listen');
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    },
  };
}

function organisationOf(request: FastifyRequest): string | undefined {
  return request.principal?.organisationId;
}

function homeOrganisationOf(request: FastifyRequest): string {
  return organisationOf(request) ?? defaultOrganisationId;
}
