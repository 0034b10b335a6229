import type { Clock } from '../../platform/clock.ts';
import { digestOf, generateRandomSecret } from '../../platform/crypto/secrets.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { cleanName, nameKeyOf, withUniqueName } from '../../platform/sql/unique-names.ts';
import { accessErrors } from '../declarations/errors.ts';
import type { AccessStore } from '../declarations/tables.ts';
import type { Principal } from '../principal/principal.ts';
import {
  insertApiToken,
  type NewApiToken,
  newApiToken,
  requireKnownOrganisation,
  textOfScopes,
} from './api-token-creation.ts';
import { type ApiToken, expiryOf } from './api-token-life.ts';
import type { ApiTokenLog } from './api-token-log.ts';
import type { Activity } from './api-token-log-rows.ts';
import { findApiToken } from './api-token-rows.ts';
import { requireBindable, requireFreeName, requireOrganisation, requireScopes } from './api-token-rules.ts';

export type ApiTokenChange = Partial<Pick<NewApiToken, 'name' | 'scopes' | 'expiresIn'>>;
export type ApiTokenChanges = ReturnType<typeof createApiTokenChanges>;

export interface ApiTokenChangesDeps {
  readonly control: AccessStore;
  readonly log: ApiTokenLog;
  readonly clock: Clock;
  /**
   * Throws unless all configurations exist in the organisation. With `organisationId` undefined, the configurations
   * may belong to any organisation.
   */
  readonly requireConfigurations: (
    ids: readonly string[],
    organisationId: string | undefined,
  ) => Promise<void>;
}

/**
 * Creates the operations that create, change and revoke API tokens. Each change is written to the token's log in the
 * same transaction. Callers can grant only scopes and organisations that they have. This also applies when they
 * change a token or generate a new secret for it.
 */
export function createApiTokenChanges(deps: ApiTokenChangesDeps) {
  const { control, log, clock, requireConfigurations } = deps;
  return {
    async get(id: string, actor: Principal): Promise<ApiToken> {
      await log.flush();
      return getToken(control, id, actor);
    },

    /** Creates a token without a secret. `generate` creates the secret. */
    async create(wanted: NewApiToken, actor: Principal): Promise<ApiToken> {
      requireScopes(wanted.scopes, actor);
      requireOrganisation(wanted.organisationId, actor);
      requireFreeName(wanted.name, wanted.organisationId);
      requireBindable(wanted.scopes, wanted.configurationIds);
      await requireKnownOrganisation(control, wanted.organisationId);
      if (wanted.configurationIds !== undefined)
        await requireConfigurations(wanted.configurationIds, wanted.organisationId);
      const token = newApiToken(wanted, clock.nowMs());
      await withUniqueName(() =>
        control.transaction().execute(async (transaction) => {
          await insertApiToken(transaction, token);
          await log.record(transaction, entryOf(token, 'CREATE', actor));
        }),
      );
      return token;
    },

    /** Generates a new secret. The old secret and its dashboard sessions stop working immediately. */
    generate: (id: string, actor: Principal) => generateSecret(deps, id, actor),

    /** Changes a token. A new `expiresIn` applies to the next generated secret. The current secret keeps its expiry. */
    update: (id: string, change: ApiTokenChange, actor: Principal) => update(deps, id, change, actor),

    /** Revokes a token permanently. Revoking it again changes nothing. */
    async revoke(id: string, actor: Principal): Promise<ApiToken> {
      const token = await getToken(control, id, actor);
      if (token.revokedAtMs === undefined)
        await writeChange(deps, token, { columns: { revoked_at: clock.nowMs() }, activity: 'REVOKE', actor });
      return getToken(control, id, actor);
    },
  };
}

async function getToken(control: AccessStore, id: string, actor: Principal): Promise<ApiToken> {
  const token = await findApiToken(control, id, actor.organisationId);
  if (token === undefined) throw new AppError(accessErrors.api_token_not_found);
  return token;
}

async function generateSecret(
  deps: ApiTokenChangesDeps,
  id: string,
  actor: Principal,
): Promise<{ token: ApiToken; text: string }> {
  const { control, clock } = deps;
  const token = await getToken(control, id, actor);
  requireScopes(token.scopes, actor);
  const secret = generateRandomSecret();
  const nowMs = clock.nowMs();
  const columns = {
    secret_digest: digestOf(secret),
    generated_at: nowMs,
    activated_at: null,
    expires_at: expiryOf(token.expiresIn, nowMs) ?? null,
  };
  const alsoDo = async (transaction: AccessStore) => {
    // The scopes are checked again in the transaction, because another process may have added a scope since the first
    // check.
    requireScopes((await findApiToken(transaction, id, undefined))?.scopes ?? [], actor);
    await transaction.deleteFrom('ui_sessions').where('api_token_id', '=', id).execute();
  };
  await writeChange(deps, token, { columns, activity: 'GENERATE', actor, alsoDo });
  return { token: await getToken(control, id, actor), text: `wmt_${id}_${secret}` };
}

async function update(
  deps: ApiTokenChangesDeps,
  id: string,
  { name, scopes, expiresIn }: ApiTokenChange,
  actor: Principal,
): Promise<ApiToken> {
  const token = await getToken(deps.control, id, actor);
  requireScopes(
    (scopes ?? []).filter((scope) => !token.scopes.includes(scope)),
    actor,
  );
  if (name !== undefined) requireFreeName(name, token.organisationId);
  if (scopes !== undefined) requireBindable(scopes, token.configurationIds);
  const columns = {
    ...(name !== undefined && { name: cleanName(name), name_key: nameKeyOf(name) }),
    ...(scopes !== undefined && { scopes: textOfScopes(scopes) }),
    ...(expiresIn !== undefined && { expires_in: expiresIn }),
  };
  const renamed = { ...token, name: name === undefined ? token.name : cleanName(name) };
  await withUniqueName(() => writeChange(deps, renamed, { columns, activity: 'UPDATE', actor }));
  return getToken(deps.control, id, actor);
}

/** A change to a token, and the principal that makes the change. */
interface TokenChange {
  readonly columns: object;
  readonly activity: Activity;
  readonly actor: Principal;
  /** Runs further statements in the transaction of the change. */
  alsoDo?(transaction: AccessStore): Promise<unknown>;
}

/**
 * Updates columns of a token and logs the change.
 * @throws AppError `api_token_revoked` if the token is revoked.
 */
async function writeChange(
  { control, log }: ApiTokenChangesDeps,
  token: ApiToken,
  { columns, activity, actor, alsoDo }: TokenChange,
): Promise<void> {
  await control.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('api_tokens')
      .set(columns)
      .where('id', '=', token.id)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n)
      throw new AppError(accessErrors.api_token_revoked, {
        detail: 'Revocation is final. Create another token.',
      });
    await alsoDo?.(transaction);
    await log.record(transaction, entryOf(token, activity, actor));
  });
}

function entryOf({ id, name }: ApiToken, activity: Activity, actor: Principal) {
  return { tokenId: id, tokenName: name, activity, activityBy: actor.tokenName };
}
