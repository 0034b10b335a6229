import { randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { digestOf, makeSecret } from '../../platform/crypto/secrets.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { type Scope, scopes as scopeOrder } from '../../platform/http/access-rule.ts';
import type { ControlStore } from '../../platform/sql/schema.ts';
import { nameKeyOf, withUniqueName } from '../../platform/sql/unique-names.ts';
import type { Principal } from '../principal/principal.ts';
import { type ApiToken, type ExpiresIn, expiryOf } from './api-token-life.ts';
import type { ApiTokenLog } from './api-token-log.ts';
import type { Activity } from './api-token-log-rows.ts';
import { findApiToken } from './api-token-rows.ts';
import { requireBindable, requireFreeName, requireOrganisation, requireScopes } from './api-token-rules.ts';

export interface NewApiToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresIn: ExpiresIn;
  /** Undefined: all organisations. */
  readonly organisationId: string | undefined;
  /** Undefined: it is bound to none. */
  readonly configurationIds?: readonly string[] | undefined;
}

export type ApiTokenChange = Partial<Pick<NewApiToken, 'name' | 'scopes' | 'expiresIn'>>;
export type ApiTokenChanges = ReturnType<typeof createApiTokenChanges>;

/**
 * Makes, changes and ends API access tokens. Each change is in the token's log, in the same transaction. Nobody gives
 * away a scope or an organisation that he lacks: neither by making a token, nor by changing one, nor by generating the
 * secret of one that can do more than he.
 */
export function createApiTokenChanges(deps: { control: ControlStore; log: ApiTokenLog; clock: Clock }) {
  const { control, log, clock } = deps;

  async function get(id: string, actor: Principal): Promise<ApiToken> {
    const token = await findApiToken(control, id, actor.organisationId);
    if (token === undefined) throw new AppError('api_token_not_found');
    return token;
  }

  /** Writes columns of a token that is not revoked, in one transaction with what goes with it. */
  async function change(
    token: ApiToken,
    columns: object,
    activity: Activity,
    actor: Principal,
    alsoDo: (transaction: ControlStore) => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    await control.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('api_tokens')
        .set(columns)
        .where('id', '=', token.id)
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n)
        throw new AppError('api_token_revoked', { detail: 'That is final: make another token.' });
      await alsoDo(transaction);
      await log.record(transaction, entryOf(token, activity, actor));
    });
  }

  return {
    async get(id: string, actor: Principal): Promise<ApiToken> {
      await log.flush();
      return get(id, actor);
    },

    /** The token that is made has no secret yet. */
    async create(wanted: NewApiToken, actor: Principal): Promise<ApiToken> {
      requireScopes(wanted.scopes, actor);
      requireOrganisation(wanted.organisationId, actor);
      requireFreeName(wanted.name, wanted.organisationId);
      requireBindable(wanted.scopes, wanted.configurationIds);
      const token = newToken(wanted, clock.nowMs());
      await withUniqueName(() =>
        control.transaction().execute(async (transaction) => {
          await requireKnown(transaction, wanted.organisationId);
          await requireConfigurations(transaction, wanted);
          await transaction.insertInto('api_tokens').values(rowOf(token)).execute();
          await log.record(transaction, entryOf(token, 'CREATE', actor));
        }),
      );
      return token;
    },

    /** A new secret: the old one stops at once, and so do dashboards that it signed in. */
    async generate(id: string, actor: Principal): Promise<{ token: ApiToken; text: string }> {
      const token = await get(id, actor);
      requireScopes(token.scopes, actor);
      const secret = makeSecret();
      const nowMs = clock.nowMs();
      const columns = {
        secret_digest: digestOf(secret),
        generated_at: nowMs,
        activated_at: null,
        expires_at: expiryOf(token.expiresIn, nowMs) ?? null,
      };
      await change(token, columns, 'GENERATE', actor, async (transaction) => {
        // Asked again where nobody can give it another scope meanwhile.
        requireScopes((await findApiToken(transaction, id, undefined))?.scopes ?? [], actor);
        await transaction.deleteFrom('ui_sessions').where('api_token_id', '=', id).execute();
      });
      return { token: await get(id, actor), text: `wmt_${id}_${secret}` };
    },

    /** Another `expiresIn` acts from the next generate on: the secret that is out keeps its end. */
    async update(
      id: string,
      { name, scopes, expiresIn }: ApiTokenChange,
      actor: Principal,
    ): Promise<ApiToken> {
      const token = await get(id, actor);
      requireScopes(
        (scopes ?? []).filter((scope) => !token.scopes.includes(scope)),
        actor,
      );
      if (name !== undefined) requireFreeName(name, token.organisationId);
      if (scopes !== undefined) requireBindable(scopes, token.configurationIds);
      const columns = {
        ...(name !== undefined && { name, name_key: nameKeyOf(name) }),
        ...(scopes !== undefined && { scopes: textOf(scopes) }),
        ...(expiresIn !== undefined && { expires_in: expiresIn }),
      };
      await withUniqueName(() => change({ ...token, name: name ?? token.name }, columns, 'UPDATE', actor));
      return get(id, actor);
    },

    /** For ever. To revoke what is revoked changes nothing. */
    async revoke(id: string, actor: Principal): Promise<ApiToken> {
      const token = await get(id, actor);
      if (token.revokedAtMs === undefined)
        await change(token, { revoked_at: clock.nowMs() }, 'REVOKE', actor);
      return get(id, actor);
    },
  };
}

function entryOf({ id, name }: ApiToken, activity: Activity, actor: Principal) {
  return { tokenId: id, tokenName: name, activity, activityBy: actor.tokenName };
}

async function requireKnown(control: ControlStore, organisationId: string | undefined): Promise<void> {
  if (organisationId === undefined) return;
  const found = await control
    .selectFrom('organisations')
    .select('id')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (found === undefined) throw new AppError('organisation_not_found');
}

async function requireConfigurations(
  control: ControlStore,
  { configurationIds, organisationId }: Pick<NewApiToken, 'configurationIds' | 'organisationId'>,
): Promise<void> {
  if (configurationIds === undefined) return;
  let query = control
    .selectFrom('token_configurations')
    .select('id')
    .where('id', 'in', [...configurationIds])
    .where('deleted_at', 'is', null);
  if (organisationId !== undefined) query = query.where('organisation_id', '=', organisationId);
  const found = await query.execute();
  if (found.length < new Set(configurationIds).size) throw new AppError('configuration_not_found');
}

function newToken(wanted: NewApiToken, nowMs: number): ApiToken {
  return {
    ...wanted,
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
    scopes: textOf(scopes),
    organisation_id: organisationId ?? null,
    configuration_ids: configurationIds?.join(' ') ?? null,
    expires_in: expiresIn,
    created_at: createdAtMs,
  };
}

/** In one order, whatever the order they were given in. */
function textOf(scopes: readonly Scope[]): string {
  return scopeOrder.filter((scope) => scopes.includes(scope)).join(' ');
}
