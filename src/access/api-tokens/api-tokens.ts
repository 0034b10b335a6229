import type { Clock } from '../../platform/clock.ts';
import { digestOf, isEqual, makeSecret } from '../../platform/crypto/secrets.ts';
import { type Scope, scopes } from '../../platform/http/access-rule.ts';
import type { ControlStore } from '../../platform/sql/schema.ts';
import type { Principal } from '../principal/principal.ts';
import type { ApiTokenLog } from './api-token-log.ts';

/** Who an API access token is. Only digests of secrets are kept; comparisons take the same time for all. */
export interface ApiTokens {
  /** The principal of a token that is valid now. Good or bad, the log learns of it, at no cost to the caller. */
  authenticate(token: string): Promise<Principal | undefined>;
  /** The principal of a token that signed a dashboard in, if it is still valid. */
  find(tokenId: string): Promise<Principal | undefined>;
  hasAdmin(): Promise<boolean>;
  /** Makes `token` the administrator's, with every scope for all organisations; an older one stops at once. */
  setAdmin(token: string): Promise<void>;
}

const adminId = 'admin';
/** Nobody else's (api-token-changes.ts): it must be free when an administrator token is made. */
export const adminName = 'Administrator';
/** Compared with where there is nothing to compare with: no answer comes sooner for it. */
const unknownSecret = 'unknown';
const tokenShape = /^wmt_([a-z0-9-]{1,40})_([A-Za-z0-9_-]{43})$/;

export function createApiTokens(deps: {
  control: ControlStore;
  clock: Clock;
  log: Pick<ApiTokenLog, 'note' | 'record'>;
  adminToken: string | undefined;
}): ApiTokens {
  const { control, clock, log, adminToken } = deps;
  const settingDigest = adminToken === undefined ? undefined : digestOf(adminToken);
  // Not in the store: it lives as long as the setting. Another setting is another token, to dashboards as well.
  const settingTokenId = `admin-setting-${settingDigest?.slice(0, 8)}`;
  const settingPrincipal: Principal = {
    tokenId: settingTokenId,
    tokenName: 'ADMIN_TOKEN',
    organisationId: undefined,
    scopes,
    configurationIds: undefined,
    expiresAtMs: undefined,
  };

  const row = (id: string) =>
    control.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst();
  type Row = NonNullable<Awaited<ReturnType<typeof row>>>;

  function principalOf(found: Row): Principal | undefined {
    if (found.revoked_at !== null) return undefined;
    if (found.expires_at !== null && clock.nowMs() >= found.expires_at) return undefined;
    return {
      tokenId: found.id,
      tokenName: found.name,
      organisationId: found.organisation_id ?? undefined,
      scopes: found.scopes.split(' ') as Scope[],
      configurationIds: found.configuration_ids?.split(' '),
      expiresAtMs: found.expires_at ?? undefined,
    };
  }

  return {
    async authenticate(token) {
      if (settingDigest !== undefined && isEqual(digestOf(token), settingDigest)) {
        log.note({ ...settingPrincipal, isOk: true });
        return settingPrincipal;
      }
      const [, id, secret] = tokenShape.exec(token) ?? [];
      const found = id === undefined ? undefined : await row(id);
      const isRight = isEqual(digestOf(secret ?? ''), found?.secret_digest ?? digestOf(unknownSecret));
      const principal = isRight && found !== undefined ? principalOf(found) : undefined;
      log.note({
        tokenId: found?.id ?? '',
        tokenName: found?.name ?? '',
        isOk: principal !== undefined,
        secretDigest: found?.secret_digest ?? undefined,
      });
      return principal;
    },

    async find(tokenId) {
      if (tokenId === settingTokenId) return settingDigest === undefined ? undefined : settingPrincipal;
      const found = await row(tokenId);
      return found && principalOf(found);
    },

    async hasAdmin() {
      return (await row(adminId)) !== undefined;
    },

    async setAdmin(token) {
      const [, id, secret] = tokenShape.exec(token) ?? [];
      if (id !== adminId || secret === undefined) throw new Error('not an administrator token');
      const nowMs = clock.nowMs();
      const secretColumns = {
        secret_digest: digestOf(secret),
        generated_at: nowMs,
        activated_at: null,
        expires_at: null,
        revoked_at: null,
      };
      const names = { name: adminName, scopes: scopes.join(' '), organisation_id: null };
      await control.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('api_tokens')
          .values({ id: adminId, ...names, created_at: nowMs, ...secretColumns })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...names, ...secretColumns }))
          .execute();
        await log.record(transaction, {
          ...{ tokenId: adminId, tokenName: adminName },
          ...{ activity: 'GENERATE', activityBy: 'command-line' },
        });
        // Dashboards that the old one signed in end with it.
        await transaction.deleteFrom('ui_sessions').where('api_token_id', '=', adminId).execute();
      });
    },
  };
}

/** A new administrator token, not yet in any store. */
export function makeAdminToken(): string {
  return `wmt_${adminId}_${makeSecret()}`;
}
