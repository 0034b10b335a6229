import type { Scope } from '../../platform/http/routes/access-rule.ts';
import { tokenScopes } from '../../tokens/declarations/scopes.ts';
import { usageScopes } from '../../usage/declarations/scopes.ts';

/** Scopes for operators and administrators. */
const accessScopes = ['ops', 'ops:write', 'admin'] as const;

declare module '../../platform/http/routes/access-rule.ts' {
  interface DeclaredScopes extends Record<(typeof accessScopes)[number], true> {}
}

/** All scopes of API tokens, in the order in which tokens are stored and shown. */
export const scopes = [...tokenScopes, ...usageScopes, ...accessScopes] as const satisfies readonly Scope[];
