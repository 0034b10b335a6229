import type { ErrorDefinition } from '../../../errors/define-errors.ts';
import type { AccessRule } from '../../routes/access-rule.ts';

/** What the guard of routes accepts and answers, as the OpenAPI document shows it. */
export interface GuardDescription {
  /** The names of the security schemes that a guarded route accepts, any one of them. */
  readonly schemes: readonly string[];
  /** The errors of every rule but `public`. */
  readonly signedIn: readonly ErrorDefinition[];
  /** The errors of a rule with a scope. */
  readonly scoped: readonly ErrorDefinition[];
  /** The errors of methods other than GET. */
  readonly changing: readonly ErrorDefinition[];
}

export type Security = readonly Readonly<Record<string, readonly string[]>>[];

/** Returns the security requirement of an access rule. Any one of the list is enough. */
export function securityOf(access: AccessRule | undefined, { schemes }: GuardDescription): Security {
  if (access === undefined || access === 'public') return [];
  const scopes = access === 'signed-in' ? [] : [access.scope];
  return schemes.map((scheme) => ({ [scheme]: scopes }));
}
