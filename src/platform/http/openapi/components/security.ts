import type { ErrorDefinition } from '../../../errors/define-errors.ts';
import type { AccessRule } from '../../routes/access-rule.ts';

/** The credentials and errors of the guard of routes, for the OpenAPI document. */
export interface GuardDescription {
  /** The names of the security schemes that a guarded route accepts. One of them is enough. */
  readonly schemes: readonly string[];
  /** The errors of every access rule except `public`. */
  readonly signedIn: readonly ErrorDefinition[];
  /** The errors of an access rule with a scope. */
  readonly scoped: readonly ErrorDefinition[];
  /** The errors of methods other than GET. */
  readonly changing: readonly ErrorDefinition[];
}

export type Security = readonly Readonly<Record<string, readonly string[]>>[];

/** Returns the security requirements of an access rule. A request needs to satisfy one of them. */
export function securityOf(access: AccessRule | undefined, { schemes }: GuardDescription): Security {
  if (access === undefined || access === 'public') return [];
  const scopes = access === 'signed-in' ? [] : [access.scope];
  return schemes.map((scheme) => ({ [scheme]: scopes }));
}
