/** Scopes that routes can require. Each domain adds its own (`declarations/scopes.ts`). */
// biome-ignore lint/suspicious/noEmptyInterface: domains augment it.
export interface DeclaredScopes {}

export type Scope = keyof DeclaredScopes;

/**
 * Defines who may call a route. Every route under /api has an access rule in its `config`. The server does
 * not start if a route has none, so a missing rule cannot expose a route.
 */
export type AccessRule = 'public' | 'signed-in' | { readonly scope: Scope };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
    /** Marks a POST that changes no data. */
    isReadOnly?: true;
    /** Name of the route in logs. Default: its URL pattern. */
    loggedAs?: string;
    /** Path of the route in the OpenAPI document, if it differs from the router's URL pattern. */
    describedAs?: string;
  }
}
