import type { Selectable } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import { digestOf, generateRandomSecret, isSameDigest } from '../../platform/crypto/secrets.ts';
import type { Scope } from '../../platform/http/routes/access-rule.ts';
import { scopes } from '../declarations/scopes.ts';
import type { AccessStore, AccessTables } from '../declarations/tables.ts';
import type { Principal } from '../principal/principal.ts';
import type { ApiTokenLog } from './api-token-log.ts';

/** Result of an authentication. */
export interface Attempt {
  readonly principal: Principal | undefined;
  /** Whether the secret is wrong. An expired or revoked token can have the right secret. */
  readonly isSecretWrong: boolean;
}

/** Authenticates API tokens. The store contains only digests of secrets. Digests are compared in constant time. */
export interface ApiTokens {
  /**
   * Returns the principal of a valid token. The attempt is logged in a buffer, so the caller does not wait for a
   * write.
   */
  authenticate(token: string): Promise<Principal | undefined>;
  /** As `authenticate`, and also returns whether the secret is wrong. */
  attempt(token: string): Promise<Attempt>;
  /**
   * Returns the principal of a valid token without logging the attempt. Use it to recheck the token of a long-lived
   * request.
   */
  check(token: string): Promise<Principal | undefined>;
  /** Returns the principal of an API token that has started a dashboard session, if the token is still valid. */
  find(tokenId: string): Promise<Principal | undefined>;
  hasAdmin(): Promise<boolean>;
  /**
   * Sets the administrator token, which has all scopes for all organisations. The old token stops working
   * immediately.
   */
  setAdmin(token: string): Promise<void>;
}

const adminId = 'admin';
/**
 * Name of the administrator token. Other tokens cannot use it (api-token-rules.ts), so that it is free when the
 * administrator token is created.
 */
export const adminName = 'Administrator';
/**
 * Secret that an unknown token is compared with. Without the comparison, the response time would reveal which ids
 * exist.
 */
const unknownSecret = 'unknown';
const tokenShape = /^wmt_([a-z0-9-]{1,40})_([A-Za-z0-9_-]{43})$/;

export interface ApiTokensDeps {
  readonly control: AccessStore;
  readonly clock: Clock;
  readonly log: Pick<ApiTokenLog, 'note' | 'record'>;
  readonly adminToken: string | undefined;
}

export function createApiTokens({ control, clock, log, adminToken }: ApiTokensDeps): ApiTokens {
  const setting = adminToken === undefined ? undefined : tokenOfSetting(adminToken);

  /**
   * Returns the principal if the token is valid. Also returns the stored row with the token's id, if there is one.
   */
  async function lookUp(token: string): Promise<Attempt & { readonly row?: Row | undefined }> {
    if (setting !== undefined && isSameDigest(digestOf(token), setting.digest))
      return { principal: setting.principal, isSecretWrong: false };
    const [, id, secret] = tokenShape.exec(token) ?? [];
    const row = id === undefined ? undefined : await readRow(control, id);
    const isRight = isSameDigest(digestOf(secret ?? ''), row?.secret_digest ?? digestOf(unknownSecret));
    const isSecretWrong = !isRight || row === undefined;
    return { row, isSecretWrong, principal: isSecretWrong ? undefined : principalOf(row, clock.nowMs()) };
  }

  async function attempt(token: string): Promise<Attempt> {
    const { principal, row, isSecretWrong } = await lookUp(token);
    log.note({
      tokenId: row?.id ?? principal?.tokenId ?? '',
      tokenName: row?.name ?? principal?.tokenName ?? '',
      isOk: principal !== undefined,
      secretDigest: row?.secret_digest ?? undefined,
    });
    return { principal, isSecretWrong };
  }

  return {
    attempt,

    authenticate: async (token) => (await attempt(token)).principal,

    check: async (token) => (await lookUp(token)).principal,

    async find(tokenId) {
      if (tokenId === setting?.principal.tokenId) return setting?.principal;
      const row = await readRow(control, tokenId);
      return row && principalOf(row, clock.nowMs());
    },

    async hasAdmin() {
      return (await readRow(control, adminId)) !== undefined;
    },

    async setAdmin(token) {
      const [, id, secret] = tokenShape.exec(token) ?? [];
      if (id !== adminId || secret === undefined) throw new Error('not an administrator token');
      await control
        .transaction()
        .execute((transaction) => writeAdmin(transaction, secret, log, clock.nowMs()));
    },
  };
}

interface SettingToken {
  readonly digest: string;
  readonly principal: Principal;
}

/**
 * Builds the principal for the token in ADMIN_TOKEN. This token is not stored. A new value is a different token, so
 * users of the dashboard must sign in again.
 */
function tokenOfSetting(adminToken: string): SettingToken {
  const digest = digestOf(adminToken);
  return {
    digest,
    principal: {
      tokenId: `admin-setting-${digest.slice(0, 8)}`,
      tokenName: 'ADMIN_TOKEN',
      organisationId: undefined,
      scopes,
      configurationIds: undefined,
      expiresAtMs: undefined,
    },
  };
}

type Row = Selectable<AccessTables['api_tokens']>;

function readRow(control: AccessStore, id: string): Promise<Row | undefined> {
  return control.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Returns the principal of a stored token, or undefined if the token is revoked or expired. */
function principalOf(row: Row, nowMs: number): Principal | undefined {
  if (row.revoked_at !== null) return undefined;
  if (row.expires_at !== null && nowMs >= row.expires_at) return undefined;
  return {
    tokenId: row.id,
    tokenName: row.name,
    organisationId: row.organisation_id ?? undefined,
    scopes: row.scopes.split(' ') as Scope[],
    configurationIds: row.configuration_ids?.split(' '),
    expiresAtMs: row.expires_at ?? undefined,
  };
}

/** Stores the administrator token and replaces the old one. */
async function writeAdmin(
  transaction: AccessStore,
  secret: string,
  log: ApiTokensDeps['log'],
  nowMs: number,
): Promise<void> {
  const secretColumns = {
    secret_digest: digestOf(secret),
    generated_at: nowMs,
    activated_at: null,
    expires_at: null,
    revoked_at: null,
  };
  const names = { name: adminName, scopes: scopes.join(' '), organisation_id: null };
  await transaction
    .insertInto('api_tokens')
    .values({ id: adminId, ...names, created_at: nowMs, ...secretColumns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...names, ...secretColumns }))
    .execute();
  await log.record(transaction, {
    ...{ tokenId: adminId, tokenName: adminName },
    ...{ activity: 'GENERATE', activityBy: 'command-line' },
  });
  // Dashboard sessions that the old token started must end with it.
  await transaction.deleteFrom('ui_sessions').where('api_token_id', '=', adminId).execute();
}

/** Generates a new administrator token without storing it. */
export function makeAdminToken(): string {
  return `wmt_${adminId}_${generateRandomSecret()}`;
}
