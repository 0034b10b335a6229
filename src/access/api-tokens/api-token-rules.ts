import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { Scope } from '../../platform/http/routes/access-rule.ts';
import { nameKeyOf } from '../../platform/sql/unique-names.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { Principal } from '../principal/principal.ts';
import { adminName } from './api-tokens.ts';

/**
 * Throws unless the actor has all wanted scopes.
 * @throws AppError `insufficient_scope` with the missing scopes.
 */
export function requireScopes(wanted: readonly Scope[], actor: Principal): void {
  const missing = wanted.filter((scope) => !actor.scopes.includes(scope));
  if (missing.length > 0)
    throw new AppError(accessErrors.insufficient_scope, {
      detail: `Your API token cannot grant scopes that it lacks: ${missing.join(', ')}.`,
    });
}

/**
 * Throws unless the actor may grant the wanted organisation. Undefined means all organisations.
 * @throws AppError `organisation_not_found` for another organisation, because the error must not reveal whether it
 * exists.
 * @throws AppError `all_organisations_needed` if all organisations are wanted, and the actor has only one.
 */
export function requireOrganisation(wanted: string | undefined, actor: Principal): void {
  if (actor.organisationId === undefined || actor.organisationId === wanted) return;
  if (wanted !== undefined) throw new AppError(accessErrors.organisation_not_found);
  throw new AppError(accessErrors.all_organisations_needed, {
    detail: 'Your API token belongs to one organisation.',
  });
}

/**
 * Throws if a token is bound to configurations and has a scope other than `tokens:request`. The routes of other
 * scopes would ignore the binding.
 * @throws AppError `bound_token_scopes`.
 */
export function requireBindable(
  wanted: readonly Scope[],
  configurationIds: readonly string[] | undefined,
): void {
  if (configurationIds === undefined || wanted.every((scope) => scope === 'tokens:request')) return;
  throw new AppError(accessErrors.bound_token_scopes, { detail: 'Its only scope must be tokens:request.' });
}

/**
 * Throws if a token for all organisations has the same name as the administrator token.
 * @throws AppError `name_taken`.
 */
export function requireFreeName(name: string, organisationId: string | undefined): void {
  if (organisationId === undefined && nameKeyOf(name) === nameKeyOf(adminName))
    throw new AppError(platformErrors.name_taken, {
      detail: 'Choose another name. This name is reserved for the administrator.',
    });
}
