/** Scope that usage routes require. */
export const usageScopes = ['usage:read'] as const;

declare module '../../platform/http/routes/access-rule.ts' {
  interface DeclaredScopes extends Record<(typeof usageScopes)[number], true> {}
}
