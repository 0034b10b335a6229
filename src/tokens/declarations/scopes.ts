/** Scopes for token configurations and token requests. */
export const tokenScopes = ['tokens:read', 'tokens:write', 'tokens:request'] as const;

declare module '../../platform/http/routes/access-rule.ts' {
  interface DeclaredScopes extends Record<(typeof tokenScopes)[number], true> {}
}
