import type { Selectable } from 'kysely';
import type { Scope } from '../../platform/http/routes/access-rule.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { AccessStore, AccessTables } from '../declarations/tables.ts';
import type { ApiToken, ExpiresIn } from './api-token-life.ts';

/** The organisation whose tokens a caller may see. Undefined means all organisations. */
export type OrganisationFilter = string | undefined;

/**
 * Shape of a token id. Ids of any other shape are not sent to the store, because some stores reject certain
 * characters.
 */
const idShape = /^[a-z0-9-]{1,40}$/;

const columns = [
  'id',
  'name',
  'scopes',
  'organisation_id',
  'configuration_ids',
  'expires_in',
  'created_at',
  'generated_at',
  'activated_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const;

type Row = Pick<Selectable<AccessTables['api_tokens']>, (typeof columns)[number]>;

/** Returns a token, or undefined if it does not exist or belongs to another organisation. */
export async function findApiToken(
  control: AccessStore,
  id: string,
  organisation: OrganisationFilter,
): Promise<ApiToken | undefined> {
  if (!idShape.test(id)) return undefined;
  let query = control.selectFrom('api_tokens').select(columns).where('id', '=', id);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  const row = await query.executeTakeFirst();
  return row && fromRow(row);
}

/** Returns tokens, newest first. */
export async function listApiTokens(
  control: AccessStore,
  organisation: OrganisationFilter,
  limit: number,
  after?: CursorPosition,
): Promise<ApiToken[]> {
  let query = control.selectFrom('api_tokens').select(columns);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(...after)));
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(fromRow);
}

function fromRow(row: Row): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.split(' ') as Scope[],
    organisationId: row.organisation_id ?? undefined,
    configurationIds: row.configuration_ids?.split(' '),
    expiresIn: row.expires_in as ExpiresIn,
    createdAtMs: Number(row.created_at),
    generatedAtMs: instantOf(row.generated_at),
    activatedAtMs: instantOf(row.activated_at),
    expiresAtMs: instantOf(row.expires_at),
    lastUsedAtMs: instantOf(row.last_used_at),
    revokedAtMs: instantOf(row.revoked_at),
  };
}

function instantOf(column: number | null): number | undefined {
  return column === null ? undefined : Number(column);
}
