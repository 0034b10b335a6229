import { describe, expect, it, onTestFinished } from 'vitest';
import { createApiTokenLog } from '../../../src/access/api-tokens/api-token-log.ts';
import { scopes } from '../../../src/access/declarations/scopes.ts';
import type { Principal } from '../../../src/access/principal/principal.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

const actor: Principal = {
  ...{
    tokenId: 'admin',
    tokenName: 'Boss',
    organisationId: undefined,
    configurationIds: undefined,
    scopes,
    expiresAtMs: undefined,
  },
};
const tokenRequest = { scopes: ['ops'], expiresIn: 'never', organisationId: undefined } as const;

/** The API token log never blocks its callers, does not lose entries within its limits, and has a limited size. */
describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createManualClock();
    const database = await stores.create();
    onTestFinished(database.remove);
    const control = await openControlAt(database, clock);
    const { id } = await control.tokenChanges.create({ ...tokenRequest, name: 'Logged' }, actor);
    const generate = async () => (await control.tokenChanges.generate(id, actor)).text;
    const rows = () => control.store.selectFrom('api_token_log').selectAll().execute();
    const statusRow = () =>
      control.store
        .selectFrom('api_tokens')
        .select(['activated_at', 'last_used_at'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    return { ...control, clock, id, generate, rows, statusRow };
  }

  describe(`the API token log on ${stores.name}`, () => {
    it('does not write to the store during authentication, and writes all entries on flush', async () => {
      const { tokens, tokenLog, generate, rows } = await setUp();
      const token = await generate();
      const before = (await rows()).length;
      for (let use = 0; use < 1200; use += 1) await tokens.authenticate(token);
      expect(await rows()).toHaveLength(before);
      await tokenLog.flush();
      expect(await rows()).toHaveLength(before + 1200);
      expect(tokenLog.dropped()).toBe(0);
    });

    it('marks a token as activated only after its current secret was used', async () => {
      const { tokens, tokenLog, generate, statusRow, clock } = await setUp();
      const old = await generate();
      await tokens.authenticate(old);
      const usedAtMs = clock.ms;
      clock.ms += 1000;
      const fresh = await generate();
      await tokenLog.flush();
      expect(await statusRow()).toEqual({ activated_at: null, last_used_at: usedAtMs });
      await tokens.authenticate(fresh);
      clock.ms += 1000;
      await tokens.authenticate(fresh);
      await tokenLog.flush();
      expect(await statusRow()).toEqual({ activated_at: clock.ms - 1000, last_used_at: clock.ms });
    });

    it('keeps entries that the store rejected, and writes them with the next flush', async () => {
      const { store, clock, id } = await setUp();
      let isDown = true;
      const failing = new Proxy(store, {
        get(target, member) {
          if (isDown && member === 'transaction') throw new Error('the store is down');
          return Reflect.get(target, member).bind(target);
        },
      });
      const log = createApiTokenLog({ control: failing, clock });
      log.note({ tokenId: id, tokenName: 'first', isOk: true });
      await expect(log.flush()).rejects.toThrow('down');
      log.note({ tokenId: id, tokenName: 'second', isOk: false });
      isDown = false;
      await log.flush();
      const names = (await log.list(id, 500)).map(({ tokenName }) => tokenName);
      expect(names).toEqual(expect.arrayContaining(['first', 'second']));
      expect(log.dropped()).toBe(0);
    });

    it('drops failures of a token beyond 1,000 per minute, and entries beyond 20,000 in memory', async () => {
      const { tokenLog, id, rows, clock } = await setUp();
      const before = (await rows()).length;
      const fail = (tokenId: string, times: number) => {
        for (let time = 0; time < times; time += 1) tokenLog.note({ tokenId, tokenName: '', isOk: false });
      };
      fail(id, 1500);
      fail('', 1001);
      expect(tokenLog.dropped()).toBe(501);
      await tokenLog.flush();
      expect(await rows()).toHaveLength(before + 2000);
      clock.ms += 60_000;
      fail(id, 1);
      expect(tokenLog.dropped()).toBe(501);
      for (let time = 0; time < 20_000; time += 1) tokenLog.note({ tokenId: id, tokenName: '', isOk: true });
      expect(tokenLog.dropped()).toBe(502);
    });

    it('removes authentication entries after 90 days, and keeps change entries permanently', async () => {
      const { tokens, tokenLog, generate, rows, clock } = await setUp();
      const token = await generate();
      await tokens.authenticate(token);
      await tokenLog.flush();
      clock.ms += 90 * 86_400_000 + 1;
      await tokens.authenticate(token);
      await tokenLog.flush();
      const remaining = (await rows()).map(({ activity, at }) => [activity, clock.ms - Number(at) > 0]);
      expect(remaining).toHaveLength(3);
      expect(remaining).toEqual(
        expect.arrayContaining([
          ['CREATE', true],
          ['GENERATE', true],
          ['AUTHENTICATE', false],
        ]),
      );
    });
  });
});
