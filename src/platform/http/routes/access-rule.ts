/** The scopes that routes can require. Each domain adds its own (`declarations/scopes.ts`). */
// biome-ignore lint/suspicious/noEmptyInterface: domains augment it.
export interface DeclaredScopes {}

export type Scope = keyof DeclaredScopes;

/**
 * Who may call a route. Every route under /api has one in its `config`. A route without one keeps the server from
 * starting, so that none is left open by mistake.
 */
export type AccessRule = 'public' | 'signed-in' | { readonly scope: Scope };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
    /** A POST that changes no data. */
    isReadOnly?: true;
    /** The name of the route in logs, where its own pattern does not show what its URLs hold. */
    loggedAs?: string;
    /** The path of the route for its callers, where the router has a shorter one. */
    describedAs?: string;
  }
}
