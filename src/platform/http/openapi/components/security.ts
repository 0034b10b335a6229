import type { ErrorDefinition } from '../../../errors/define-errors.ts';
import type { AccessRule } from '../../routes/access-rule.ts';

/** Credentials that the route guard accepts, and errors that it returns, for the OpenAPI document. */
export interface GuardDescription {
  /** Names of the security schemes that a guarded route accepts. A request needs only one of them. */
  readonly schemes: readonly string[];
  /** Errors of all routes that are not public. */
  readonly signedIn: readonly ErrorDefinition[];
  /** Errors of routes that require a scope. */
  readonly scoped: readonly ErrorDefinition[];
  /** Errors of routes with a method other than GET. */
  readonly changing: readonly ErrorDefinition[];
}

export type Security = readonly Readonly<Record<string, readonly string[]>>[];

/** Returns the security requirements of an access rule. A request must satisfy one of them. */
export function securityOf(access: AccessRule | undefined, { schemes }: GuardDescription): Security {
  if (access === undefined || access === 'public') return [];
  const scopes = access === 'signed-in' ? [] : [access.scope];
  return schemes.map((scheme) => ({ [scheme]: scopes }));
}
