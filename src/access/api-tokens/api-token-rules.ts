import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { Scope } from '../../platform/http/access-rule.ts';
import { nameKeyOf } from '../../platform/sql/unique-names.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { Principal } from '../principal/principal.ts';
import { adminName } from './api-tokens.ts';

/** @throws AppError `insufficient_scope` that names what is lacking. */
export function requireScopes(wanted: readonly Scope[], actor: Principal): void {
  const lacking = wanted.filter((scope) => !actor.scopes.includes(scope));
  if (lacking.length > 0)
    throw new AppError(accessErrors.insufficient_scope, {
      detail: `Nobody can give away what he lacks: ${lacking.join(', ')}.`,
    });
}

/** @throws AppError: another organisation is none that is known; all of them are for who has all of them. */
export function requireOrganisation(wanted: string | undefined, actor: Principal): void {
  if (actor.organisationId === undefined || actor.organisationId === wanted) return;
  if (wanted !== undefined) throw new AppError(accessErrors.organisation_not_found);
  throw new AppError(accessErrors.all_organisations_needed, {
    detail: 'Your API token is of one organisation.',
  });
}

/**
 * What is bound to configurations is so in all that it can do: so it can request tokens, and nothing else.
 * @throws AppError `bound_token_scopes`.
 */
export function requireBindable(
  wanted: readonly Scope[],
  configurationIds: readonly string[] | undefined,
): void {
  if (configurationIds === undefined || wanted.every((scope) => scope === 'tokens:request')) return;
  throw new AppError(accessErrors.bound_token_scopes, { detail: 'Its one scope is tokens:request.' });
}

/** @throws AppError `name_taken` for the name that an administrator token will get when it is made. */
export function requireFreeName(name: string, organisationId: string | undefined): void {
  if (organisationId === undefined && nameKeyOf(name) === nameKeyOf(adminName))
    throw new AppError(platformErrors.name_taken, {
      detail: 'Choose another name: this one is kept for the administrator.',
    });
}
