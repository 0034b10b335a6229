import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApiTokens, makeAdminToken } from '../../../src/access/api-tokens/api-tokens.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

describeOnControlStore((stores) => {
  async function setUp(adminToken?: string) {
    const clock = createManualClock();
    const database = await stores.create();
    onTestFinished(database.remove);
    const control = await openControlAt(database, clock, adminToken);
    const add = async (id: string, values: object = {}) => {
      const secret = randomBytes(32).toString('base64url');
      const row = {
        id,
        name: id,
        organisation_id: 'default',
        scopes: 'usage:read tokens:read',
        created_at: clock.ms,
      };
      const digest = { secret_digest: createHash('sha256').update(secret).digest('hex') };
      const times = { expires_at: null, revoked_at: null };
      await control.store
        .insertInto('api_tokens')
        .values({ ...row, ...digest, ...times, ...values })
        .execute();
      return `wmt_${id}_${secret}`;
    };
    return { clock, ...control, add };
  }

  describe('an API token', () => {
    it('authenticates only with its complete secret, and provides its organisation and scopes', async () => {
      const { tokens, add } = await setUp();
      const token = await add('abc');
      expect(await tokens.authenticate(token)).toEqual({
        tokenId: 'abc',
        tokenName: 'abc',
        organisationId: 'default',
        scopes: ['usage:read', 'tokens:read'],
        expiresAtMs: undefined,
      });
      const secret = token.slice('wmt_abc_'.length);
      for (const invalidToken of [
        '',
        token.slice(0, -1),
        `${token}A`,
        ` ${token}`,
        `wmt_abc_${secret.toLowerCase()}`,
      ]) {
        expect(await tokens.authenticate(invalidToken)).toBeUndefined();
      }
      // The secret of one token does not authenticate with the id of another.
      const foreign = (await add('def')).slice('wmt_def_'.length);
      expect(await tokens.authenticate(`wmt_abc_${foreign}`)).toBeUndefined();
    });

    it('is valid until it expires, exact to the millisecond, or until it is revoked', async () => {
      const { tokens, add, clock } = await setUp();
      const expiring = await add('expiring', { expires_at: clock.ms + 1000 });
      clock.ms += 999;
      expect(await tokens.authenticate(expiring)).toBeDefined();
      clock.ms += 1;
      expect(await tokens.authenticate(expiring)).toBeUndefined();
      expect(await tokens.find('expiring')).toBeUndefined();
      expect(await tokens.authenticate(await add('revoked', { revoked_at: clock.ms }))).toBeUndefined();
    });

    it('does not authenticate before its first secret is generated', async () => {
      const { tokens, add } = await setUp();
      await add('fresh', { secret_digest: null });
      for (const secret of ['', 'A'.repeat(43), createHash('sha256').update('').digest('base64url')]) {
        expect(await tokens.authenticate(`wmt_fresh_${secret}`)).toBeUndefined();
      }
    });

    it('is stored only as a digest', async () => {
      const { store, tokens } = await setUp();
      const token = makeAdminToken();
      await tokens.setAdmin(token);
      const rows = JSON.stringify(await store.selectFrom('api_tokens').selectAll().execute());
      // The test does not split the token at `_`, because the secret can contain that character.
      expect(rows).not.toContain(token.slice('wmt_admin_'.length));
    });
  });

  describe('the administrator token in ADMIN_TOKEN', () => {
    it('may be any text, has every scope in all organisations, and is not stored in any table', async () => {
      const text = 'correct horse battery staple, and then some';
      const { tokens, store } = await setUp(text);
      const principal = await tokens.authenticate(text);
      expect(principal?.organisationId).toBeUndefined();
      expect(principal?.scopes).toContain('admin');
      expect(await tokens.authenticate(text.toUpperCase())).toBeUndefined();
      expect(await store.selectFrom('api_tokens').selectAll().execute()).toEqual([]);
      expect(await tokens.hasAdmin()).toBe(false);
    });

    it('stops authenticating when the setting is removed', async () => {
      const text = 'an administrator token of 32 characters';
      const { store, clock, tokenLog } = await setUp(text);
      const tokensWithoutAdmin = createApiTokens({
        control: store,
        clock,
        log: tokenLog,
        adminToken: undefined,
      });
      expect(await tokensWithoutAdmin.authenticate(text)).toBeUndefined();
      expect(await tokensWithoutAdmin.find('admin-setting')).toBeUndefined();
    });
  });
});
