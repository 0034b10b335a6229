import type { Config } from '../config/settings.ts';
import { registerGatewayRoutes } from '../gateway/exchange/exchange-routes.ts';
import { createMeteredExchange, type MeteredExchange } from '../gateway/exchange/metered-exchange.ts';
import type { Outcomes } from '../gateway/exchange/outcomes.ts';
import type { RefusalLimiter } from '../gateway/exchange/refusal-limiter.ts';
import { registerForwardAuth } from '../gateway/forward-auth/forward-auth.ts';
import { registerJwksRoute } from '../gateway/forward-auth/jwks-route.ts';
import { handOffByCode, handOffByCookie } from '../gateway/links/link-hand-off.ts';
import { registerLinkRoutes } from '../gateway/links/link-routes.ts';
import { createLinkTarget } from '../gateway/links/link-target.ts';
import { registerRedeemRoute } from '../gateway/links/redeem-route.ts';
import { reaches } from '../gateway/sessions/session-cookies.ts';
import { registerSessionRoutes } from '../gateway/sessions/session-routes.ts';
import type { Clock } from '../platform/clock.ts';
import { registerCors } from '../platform/http/cors.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Logger } from '../platform/logger.ts';
import type { GatewayPart } from './parts/gateway.ts';

export type GatewayHttpConfig = Pick<
  Config,
  'publicUrl' | 'allowedOrigins' | 'linkTargetUrl' | 'linkHandoff' | 'cookieDomain'
>;

export type Gateway = Pick<GatewayPart, 'exchange' | 'sessions' | 'linkCodes'>;

interface GatewayHttpDeps {
  readonly gateway: Gateway;
  readonly outcomes: Outcomes;
  readonly limiter: RefusalLimiter;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What needs no API token: web access tokens and sessions are the credentials. */
export function registerGateway(server: HttpServer, config: GatewayHttpConfig, deps: GatewayHttpDeps): void {
  const { gateway, outcomes, limiter, clock } = deps;
  const { exchange, sessions } = gateway;
  const metered = createMeteredExchange({ exchange, limiter, outcomes });
  registerCors(server, config.allowedOrigins ?? []);
  registerGatewayRoutes(server, metered);
  registerLinks(server, config, gateway, metered);
  warnOfLostCookies(config, deps.logger);
  registerSessionRoutes(server, sessions);
  registerJwksRoute(server, sessions.assertions);
  registerForwardAuth(server, { ...sessions, outcomes, clock });
}

/** The link entry, and what an application asks after it. */
function registerLinks(
  server: HttpServer,
  { linkTargetUrl, linkHandoff }: GatewayHttpConfig,
  { linkCodes, sessions }: Gateway,
  { exchange, limited }: MeteredExchange,
): void {
  registerLinkRoutes(server, {
    exchange,
    target: linkTargetUrl === undefined ? undefined : createLinkTarget(linkTargetUrl),
    handOff: linkHandoff === 'code' ? handOffByCode(linkCodes) : handOffByCookie(sessions),
  });
  registerRedeemRoute(server, { codes: linkCodes, limited });
}

function warnOfLostCookies(config: GatewayHttpConfig, logger: Logger): void {
  const { publicUrl, linkTargetUrl, linkHandoff, cookieDomain: domain } = config;
  if (linkTargetUrl === undefined || linkHandoff === 'code') return;
  if (reaches({ domain, publicUrl }, linkTargetUrl)) return;
  logger.warn(
    'LINK_TARGET_URL is on another host than the session cookie is for: set COOKIE_DOMAIN, or LINK_HANDOFF=code',
  );
}
