import type { Clock } from '../platform/clock.ts';
import { registerCors } from '../platform/http/cors.ts';
import { createLocalCheck, type LocalCheckConfig } from '../platform/http/loopback.ts';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Logger } from '../platform/logger.ts';
import { registerExchangeRoute } from './exchange/exchange-routes.ts';
import { createMeteredExchange, type MeteredExchange } from './exchange/metered-exchange.ts';
import type { Outcomes } from './exchange/outcomes.ts';
import type { RefusalLimiter } from './exchange/refusal-limiter.ts';
import { registerForwardAuth } from './forward-auth/forward-auth.ts';
import { registerJwksRoute } from './forward-auth/jwks-route.ts';
import type { Gateway } from './gateway.ts';
import { createCookieWarning } from './links/cookie-warning.ts';
import { createEntryChecks } from './links/entry-checks.ts';
import { handOffByCode, handOffByCookie, type LinkHandOff } from './links/link-hand-off.ts';
import { registerLinkRoutes } from './links/link-routes.ts';
import { createLinkTarget } from './links/link-target.ts';
import { createSessionFinder } from './links/open-session.ts';
import { registerRedeemRoute } from './links/redeem-route.ts';
import { registerSessionRoutes } from './sessions/session-routes.ts';

export interface GatewayHttpConfig extends LocalCheckConfig {
  readonly allowedOrigins: readonly string[] | undefined;
  readonly linkTargetUrl: string | undefined;
  readonly linkHandoff: 'cookie' | 'code';
  readonly cookieDomain: string | undefined;
  readonly cookieSamesite: 'lax' | 'strict' | 'none';
  readonly linkBots: 'refuse' | 'open';
  readonly linkConfirm: 'never' | 'always';
  readonly linkCheckResources: 'true' | 'false';
}

export interface GatewayRoutesDeps {
  readonly gateway: Omit<Gateway, 'components'>;
  readonly outcomes: Outcomes;
  readonly limiter: RefusalLimiter;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Returns a function that registers the routes whose credential is a Web Access Token or a session. These routes do
 * not accept API tokens.
 */
export function createGatewayRoutes(config: GatewayHttpConfig, deps: GatewayRoutesDeps): RegisterRoutes {
  const { gateway, outcomes, limiter, clock, logger } = deps;
  const { exchange, configurationOf, sessions } = gateway;
  const { cookies, assertions, countPageLoad, entryCookies } = sessions;
  const metered = createMeteredExchange({
    ...{ exchange, configurationOf, limiter, outcomes },
    isLocal: createLocalCheck(config),
  });
  return (server) => {
    registerCors(server, config.allowedOrigins ?? []);
    registerExchangeRoute(server, metered);
    registerLinks(server, { config, gateway, metered, logger });
    registerSessionRoutes(server, { sessions: sessions.sessions, cookies });
    registerJwksRoute(server, assertions);
    registerForwardAuth(server, {
      ...{ sessions: sessions.sessions, cookies, assertions, countPageLoad, entryCookies },
      ...{ outcomes, clock, endSession: sessions.endSession },
    });
  };
}

interface LinksDeps {
  readonly config: GatewayHttpConfig;
  readonly gateway: Pick<Gateway, 'linkCodes' | 'sessions'>;
  readonly metered: MeteredExchange;
  readonly logger: Logger;
}

/** Registers the link routes, and the route with which an application redeems a code. */
function registerLinks(server: HttpServer, deps: LinksDeps): void {
  const { linkTargetUrl, linkHandoff, linkBots, linkConfirm, linkCheckResources, cookieSamesite } =
    deps.config;
  const { linkCodes: codes, sessions } = deps.gateway;
  const { exchange, refuse, limitRefusal } = deps.metered;
  const checks = createEntryChecks(
    {
      refusesBots: linkBots === 'refuse',
      losesCookieInFrames: linkHandoff === 'cookie' && cookieSamesite !== 'none',
    },
    refuse,
  );
  registerLinkRoutes(server, {
    exchange,
    target: linkTargetUrl === undefined ? undefined : createLinkTarget(linkTargetUrl),
    handOff: createHandOff(deps),
    checks,
    alwaysConfirms: linkConfirm === 'always',
    checksResources: linkCheckResources === 'true',
    // If sessions are handed off by code, each tab has its own session. A link then never replaces another session.
    openSession: linkHandoff === 'code' ? async () => undefined : createSessionFinder(sessions.sessions),
    endSession: sessions.endSession,
  });
  registerRedeemRoute(server, { codes, limitRefusal });
}

function createHandOff({ config, gateway: { linkCodes, sessions }, logger }: LinksDeps): LinkHandOff {
  const { publicUrl, linkTargetUrl, linkHandoff, cookieDomain } = config;
  if (linkHandoff === 'code') return handOffByCode(linkCodes);
  const warnOfLostCookie =
    linkTargetUrl === undefined
      ? () => {}
      : createCookieWarning({ publicUrl, linkTargetUrl, cookieDomain }, logger);
  return handOffByCookie({ ...sessions, warnOfLostCookie });
}
