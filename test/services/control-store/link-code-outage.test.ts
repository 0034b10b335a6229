import { describe, expect, it, vi } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { browserHeaders, countSessions, visit } from '../../integration/http/support/links.ts';
import { mint } from '../../support/api.ts';
import { describeOnPostgres, type PostgresStores } from '../../support/services/postgres-stores.ts';

describeOnPostgres(linkCodeOutageCases);

function linkCodeOutageCases(stores: PostgresStores): void {
  const instance = useInstance({ LINK_TARGET_URL: 'https://app.example', LINK_HANDOFF: 'code' }, stores);

  describe('a link with the code hand-off while PostgreSQL is down', () => {
    it('returns 503 without counting a session, and works again once PostgreSQL is back', async () => {
      const { url } = instance();
      const configuration = await instance().configuration('Codes');
      const token = await mint(configuration, { sub: 'alice' });
      const open = (headers = {}) => visit(url, `/wat/${token}/a`, { headers });
      expect((await open()).status).toBe(303);
      const before = await countSessions(instance());

      await stores.server().kill();
      const answer = await open();
      expect([answer.status, answer.body['code']]).toEqual([503, 'control_store_unavailable']);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      const page = await open(browserHeaders);
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
      expect(page.text).toContain('Nothing is wrong with your link');
      const redeemed = await instance().call('POST', '/api/v1/wat/session/redeem', {
        body: { code: 'a'.repeat(43) },
        headers: {},
      });
      expect(redeemed.body['code']).toBe('control_store_unavailable');

      await stores.server().start();
      await vi.waitFor(async () => expect((await open()).status).toBe(303), { timeout: 15_000 });
      expect(await countSessions(instance())).toBe(before + 1);
    });
  });
}
