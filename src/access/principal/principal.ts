import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../platform/http/routes/access-rule.ts';

/**
 * The API token that authenticates a request. The request contains the token itself or the cookie of a dashboard
 * session.
 */
export interface Principal {
  readonly tokenId: string;
  readonly tokenName: string;
  /** Undefined: the principal has all organisations. */
  readonly organisationId: string | undefined;
  readonly scopes: readonly Scope[];
  /** Configurations for which this API token may request tokens. Undefined: all configurations of its organisation. */
  readonly configurationIds: readonly string[] | undefined;
  readonly expiresAtMs: number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

/** Returns the principal of a request that has passed the guard. Throws on a public route, which has none. */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (principal === undefined) throw new Error('a public route has no principal');
  return principal;
}
