import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../platform/http/access-rule.ts';

/** Who makes a request: an API access token, by itself or through a dashboard that it signed in. */
export interface Principal {
  readonly tokenId: string;
  readonly tokenName: string;
  /** Undefined: all organisations. */
  readonly organisationId: string | undefined;
  readonly scopes: readonly Scope[];
  /** The configurations that it may request tokens of; undefined: all of its organisation. */
  readonly configurationIds: readonly string[] | undefined;
  readonly expiresAtMs: number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

/** Returns the principal of a request that the guard has let through. Throws on a public route, which has none. */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (principal === undefined) throw new Error('a public route has no principal');
  return principal;
}
