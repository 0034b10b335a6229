import { randomBytes } from 'node:crypto';
import { AppError } from '../../platform/errors/errors.ts';
import type { Scope } from '../../platform/http/routes/access-rule.ts';
import { cleanName, nameKeyOf } from '../../platform/sql/unique-names.ts';
import { accessErrors } from '../declarations/errors.ts';
import { scopes as scopeOrder } from '../declarations/scopes.ts';
import type { AccessStore } from '../declarations/tables.ts';
import type { ApiToken, ExpiresIn } from './api-token-life.ts';

export interface NewApiToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresIn: ExpiresIn;
  /** Undefined: the token is valid for all organisations. */
  readonly organisationId: string | undefined;
  /** Undefined: the token is not bound to configurations. */
  readonly configurationIds?: readonly string[] | undefined;
}

/** Inserts a token without a secret. */
export async function insertApiToken(transaction: AccessStore, token: ApiToken): Promise<void> {
  await transaction.insertInto('api_tokens').values(rowOf(token)).execute();
}

/**
 * Throws unless the organisation exists. Undefined means all organisations and is always valid.
 * @throws AppError `organisation_not_found`.
 */
export async function requireKnownOrganisation(
  control: AccessStore,
  organisationId: string | undefined,
): Promise<void> {
  if (organisationId === undefined) return;
  const organisation = await control
    .selectFrom('organisations')
    .select('id')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (organisation === undefined) throw new AppError(accessErrors.organisation_not_found);
}

/** Builds a new token without a secret. */
export function newApiToken(wanted: NewApiToken, nowMs: number): ApiToken {
  return {
    ...wanted,
    name: cleanName(wanted.name),
    id: randomBytes(8).toString('hex'),
    scopes: scopeOrder.filter((scope) => wanted.scopes.includes(scope)),
    configurationIds: wanted.configurationIds && [...new Set(wanted.configurationIds)],
    createdAtMs: nowMs,
    generatedAtMs: undefined,
    activatedAtMs: undefined,
    expiresAtMs: undefined,
    lastUsedAtMs: undefined,
    revokedAtMs: undefined,
  };
}

function rowOf(token: ApiToken) {
  const { id, name, scopes, organisationId, configurationIds, expiresIn, createdAtMs } = token;
  return {
    id,
    name,
    name_key: nameKeyOf(name),
    scopes: textOfScopes(scopes),
    organisation_id: organisationId ?? null,
    configuration_ids: configurationIds?.join(' ') ?? null,
    expires_in: expiresIn,
    created_at: createdAtMs,
  };
}

/** Joins scopes with spaces, in a fixed order, for storage in a column. */
export function textOfScopes(scopes: readonly Scope[]): string {
  return scopeOrder.filter((scope) => scopes.includes(scope)).join(' ');
}
