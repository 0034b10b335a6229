import type { FastifyRequest } from 'fastify';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import { registerTokenRoutes } from './configurations/configuration-routes.ts';
import type { TokenScope } from './configurations/token-scope.ts';
import { registerDirectoryRoutes } from './directory/directory-routes.ts';
import { registerAuthRoutes } from './issuing/auth-routes.ts';
import { registerTokenToolRoutes } from './issuing/tool-routes.ts';
import { registerRevocationRoutes } from './revocation/revocation-routes.ts';
import { createTokenTools, type TokenToolsConfig, type TokenToolsDeps } from './token-tools.ts';
import type { Tokens } from './tokens.ts';

export interface TokenRoutesDeps extends TokenToolsDeps {
  readonly tokens: TokenToolsDeps['tokens'] & Pick<Tokens, 'revocationService' | 'revocationList'>;
  /** Returns the organisation whose data a request may access, or undefined for all organisations. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /** Returns the organisation that will own the objects that a request creates. */
  readonly homeOrganisationOf: (request: FastifyRequest) => string;
  /** Returns the tokens that the caller's API token may request and revoke. */
  readonly tokenScopeOf: (request: FastifyRequest) => TokenScope;
  /** Returns the id of the API token that authenticates a request. */
  readonly tokenIdOf: (request: FastifyRequest) => string;
}

/**
 * Returns a function that registers the routes for token configurations, single tokens, token requests and the
 * directory.
 */
export function createTokenRoutes(config: TokenToolsConfig, deps: TokenRoutesDeps): RegisterRoutes {
  const { tokens, clock, organisationOf, homeOrganisationOf, tokenScopeOf, tokenIdOf } = deps;
  const { configurations, revocationService, revocationList } = tokens;
  const { directoryStore, generator, tester, requests } = createTokenTools(config, deps);
  return (server) => {
    registerTokenRoutes(server, { configurations, organisationOf, homeOrganisationOf });
    registerTokenToolRoutes(server, { generator, tester, organisationOf });
    registerAuthRoutes(server, { requests, revocationService, tokenScopeOf, tokenIdOf });
    registerRevocationRoutes(server, { revocationList, tokenScopeOf });
    registerDirectoryRoutes(server, { directory: directoryStore, clock, homeOrganisationOf });
  };
}
