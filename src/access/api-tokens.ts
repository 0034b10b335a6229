import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { ControlStore } from '../platform/control-store/schema.ts';
import { type Scope, scopes } from '../platform/http/access-rule.ts';
import type { Principal } from './principal.ts';

/** Who an API access token is. Only digests of secrets are kept; comparisons take the same time for all. */
export interface ApiTokens {
  /** The principal of a token that is valid now. */
  authenticate(token: string): Promise<Principal | undefined>;
  /** The principal of a token that signed a dashboard in, if it is still valid. */
  find(tokenId: string): Promise<Principal | undefined>;
  hasAdmin(): Promise<boolean>;
  /** Makes `token` the administrator's, with every scope for all organisations; an older one stops at once. */
  setAdmin(token: string): Promise<void>;
}

const adminId = 'admin';
const tokenShape = /^wmt_([a-z0-9-]{1,40})_([A-Za-z0-9_-]{43})$/;

export function createApiTokens(deps: {
  control: ControlStore;
  clock: Clock;
  adminToken: string | undefined;
}): ApiTokens {
  const { control, clock, adminToken } = deps;
  const settingDigest = adminToken === undefined ? undefined : digestOf(adminToken);
  // Not in the store: it lives as long as the setting. Another setting is another token, to dashboards as well.
  const settingTokenId = `admin-setting-${settingDigest?.slice(0, 8)}`;
  const settingPrincipal: Principal = {
    tokenId: settingTokenId,
    tokenName: 'ADMIN_TOKEN',
    organisationId: undefined,
    scopes,
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
      expiresAtMs: found.expires_at ?? undefined,
    };
  }

  return {
    async authenticate(token) {
      if (settingDigest !== undefined && isEqual(digestOf(token), settingDigest)) return settingPrincipal;
      const [, id, secret] = tokenShape.exec(token) ?? [];
      if (id === undefined || secret === undefined) return undefined;
      const found = await row(id);
      const kept = found?.secret_digest ?? digestOf('');
      return isEqual(digestOf(secret), kept) && found !== undefined ? principalOf(found) : undefined;
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
      const secret_digest = digestOf(secret);
      await control.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('api_tokens')
          .values({
            id: adminId,
            organisation_id: null,
            name: 'Administrator',
            scopes: scopes.join(' '),
            secret_digest,
            created_at: clock.nowMs(),
            expires_at: null,
            revoked_at: null,
          })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ secret_digest, revoked_at: null }))
          .execute();
        // Dashboards that the old one signed in end with it.
        await transaction.deleteFrom('ui_sessions').where('api_token_id', '=', adminId).execute();
      });
    },
  };
}

/** A new administrator token, not yet in any store. */
export function makeAdminToken(): string {
  return `wmt_${adminId}_${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 is enough for secrets that are random: there is nothing to guess that stretching would protect. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares two secrets in a time that tells nothing of where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return isEqual(digestOf(one), digestOf(other));
}

function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
