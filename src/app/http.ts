import type { AddressInfo } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { guardDescription } from '../access/declarations/guard.ts';
import { bearerOf } from '../access/guard/guard.ts';
import { sendErrorPage } from '../gateway/links/error-page.ts';
import { linkPrefix } from '../gateway/links/link-url.ts';
import type { Clock } from '../platform/clock.ts';
import { isSameSecret } from '../platform/crypto/secrets.ts';
import { createLocalCheck } from '../platform/http/loopback.ts';
import { securityOf } from '../platform/http/openapi/components/security.ts';
import { registerOpenApiRoute } from '../platform/http/openapi/routes.ts';
import { createMethodNotAllowed } from '../platform/http/problems/method-not-allowed.ts';
import { acceptOnlyProxiedRequests } from '../platform/http/proxied-requests.ts';
import { type HttpMetrics, measureRequests } from '../platform/http/request-metrics.ts';
import { collectRoutes } from '../platform/http/routes/collect-routes.ts';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import { createHttpServer, type HttpServer } from '../platform/http/server.ts';
import { registerSystemRoutes } from '../platform/http/system-routes.ts';
import type { Logger } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createReadiness } from '../platform/readiness/readiness.ts';
import type { ReadinessCheck } from '../platform/readiness/readiness-check.ts';
import { describeApi } from './api-description.ts';
import type { Config } from './config.ts';

export type HttpConfig = Pick<Config, 'host' | 'port' | 'trustProxy' | 'publicUrl' | 'metricsToken'> & {
  /**
   * Secret that the gateway workers send with each forwarded request. If it is set, the server accepts only such
   * requests.
   */
  readonly proxySecret?: string | undefined;
};

export interface HttpDeps {
  readonly logger: Logger;
  readonly metrics: Metrics & HttpMetrics;
  readonly clock: Clock;
  readonly checks: readonly ReadinessCheck[];
  /**
   * Returns why the process must be restarted, or undefined if it need not be. Omitted for a role that cannot stall.
   */
  readonly stalled?: () => string | undefined;
  /**
   * Returns whether a request has the scope `ops`. Omitted for a role without API tokens, in which no request has a
   * scope.
   */
  readonly mayOperate?: (request: FastifyRequest) => Promise<boolean>;
  /** Routes and hooks of this role, in the order of the OpenAPI document. Hooks come first. */
  readonly routes: readonly RegisterRoutes[];
}

export type Http = Awaited<ReturnType<typeof createHttp>>;

/**
 * Creates the HTTP server of a process, with the routes of its domains, the OpenAPI document, health and
 * metrics.
 */
export async function createHttp(config: HttpConfig, deps: HttpDeps) {
  const { logger, metrics, clock, checks, stalled = () => undefined, mayOperate = async () => false } = deps;
  const server = await createHttpServer(
    { ...config, errorPages: { below: linkPrefix, send: sendErrorPage } },
    logger,
  );
  if (config.proxySecret !== undefined) acceptOnlyProxiedRequests(server.server, config.proxySecret);
  if (config.trustProxy === true)
    logger.warn(
      'TRUST_PROXY=true trusts every client to state its own address: set it to the addresses of your proxies',
    );
  measureRequests(server, metrics);
  const methods = createMethodNotAllowed(server);
  const collected = collectRoutes(server);
  const registering = deps.routes.map((register) => register(server));
  const openApi = () => describeApi(routes, config.publicUrl);
  registerOpenApiRoute(server, openApi);
  const readiness = createReadiness(checks, clock);
  registerSystemRoutes(server, {
    ...{ readiness, stalled, metrics, metricsToken: config.metricsToken, mayOperate },
    isLocal: createLocalCheck(config),
    operatorSecurity: securityOf({ scope: 'ops' }, guardDescription),
    hasBearer: (request, token) => isSameSecret(bearerOf(request) ?? '', token),
  });
  await Promise.all(registering);
  // The routes that return 405 are registered after this copy, so they are not in the OpenAPI document.
  const routes = [...collected];
  methods.finish();

  return {
    name: 'http',
    ...{ server, routes, openApi },
    async start() {
      await server.listen({ host: config.host, port: config.port });
      await readiness.component.start?.();
    },
    async stop() {
      await readiness.component.stop?.();
      await server.close();
    },
    /** Returns the URL of the server. Call it only after `start`. */
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
