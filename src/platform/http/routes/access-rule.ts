/** Scopes that routes can require. Each domain adds its scopes (`declarations/scopes.ts`). */
// biome-ignore lint/suspicious/noEmptyInterface: domains augment it.
export interface DeclaredScopes {}

export type Scope = keyof DeclaredScopes;

/**
 * Who may call a route. Every route under /api needs an access rule in its `config`. Without one, the server does not
 * start, so a forgotten rule cannot expose a route.
 */
export type AccessRule = 'public' | 'signed-in' | { readonly scope: Scope };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
    /** True for a POST route that changes no data. */
    isReadOnly?: true;
    /** Name of the route in logs. Default: its URL pattern. */
    loggedAs?: string;
    /** Path of the route in the OpenAPI document, if it differs from the route's URL pattern. */
    describedAs?: string;
  }
}
