import { beforeAll, describe, expect, it } from 'vitest';
import { call, mint, type TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { useInstance } from './support/instance.ts';
import {
  claimsPath,
  expectSessionRefused,
  getExactly,
  headersOf,
  openGateway,
  renewPath,
  sessionPath,
} from './support/session-api.ts';

/** Which requests behind forward-auth are sessions, and which are none. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  let gateway: Awaited<ReturnType<typeof openGateway>>;
  beforeAll(async () => {
    gateway = await openGateway(instance());
  });
  const ask = (headers: Record<string, string>, query = '') =>
    getExactly(instance().url + sessionPath + query, headers);

  describe('what is counted', () => {
    const total = async () => {
      await instance().settled();
      const path = `/api/v1/usage/summary?configurationId=${counted.id}`;
      return Number((await instance().get(path)).body['total']);
    };
    let counted: TestConfiguration;
    beforeAll(async () => {
      counted = await instance().configuration('Counted');
    });
    const load = { 'sec-fetch-mode': 'navigate' };
    const counting = '?count=navigations';

    it('is a page load behind count=navigations, and nothing else', async () => {
      const session = await instance().session(counted, { sub: 'alice', trc: ['tag'] });
      const headers = headersOf(session);
      expect(await total()).toBe(1);
      for (const [query, mode] of [
        ['', 'navigate'],
        ['?count=all', 'navigate'],
        [counting, 'cors'],
        [counting, 'no-cors'],
        [counting, 'same-origin'],
        [counting, 'websocket'],
        [counting, 'Navigate'],
      ] as const)
        expect((await ask({ ...headers, 'sec-fetch-mode': mode }, query)).status).toBe(204);
      expect((await ask(headers, counting)).status).toBe(204);
      await instance().get(claimsPath, { ...headers, ...load });
      await instance().call('POST', renewPath, { headers: { ...headers, ...load } });
      expect(await total()).toBe(1);

      for (let refresh = 0; refresh < 3; refresh += 1)
        expect((await ask({ ...headers, ...load }, counting)).status).toBe(204);
      expect((await ask({ ...headers, ...load }, '?x=/page&count=navigations')).status).toBe(204);
      expect(await total()).toBe(5);
      const tags = await instance().get(`/api/v1/usage/tags?configurationId=${counted.id}`);
      expect(tags.body).toMatchObject({ items: [{ tag: 'tag', total: 5 }], distinctSessions: 5 });
    });

    it('is not the first page load after a link, and every one after it', async () => {
      const before = await total();
      const { cookie } = gateway.asLink(await instance().session(counted));
      for (const expected of [1, 2, 3]) {
        expect((await ask({ cookie, ...load }, counting)).status).toBe(204);
        expect(await total()).toBe(before + expected);
      }
    });

    it('is five for five links that are opened at once, whose cookies overwrite each other', async () => {
      const before = await total();
      const links = await Promise.all(
        Array.from({ length: 5 }, async () => gateway.asLink(await instance().session(counted))),
      );
      const cookie = [links[4]?.cookie, ...links.map(({ mark }) => mark)].join('; ');
      const asked = Array.from({ length: 5 }, () => ask({ cookie, ...load }, counting));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(5).fill(204));
      expect(await total()).toBe(before + 5);
      await ask({ cookie, ...load }, counting);
      expect(await total()).toBe(before + 6);
    });

    it.each([
      ['has expired since', { expiresAtS: Date.now() / 1000 - 0.01 }, 'token_expired'],
      ['is not valid yet', { notBeforeS: Date.now() / 1000 + 60 }, 'token_not_yet_valid'],
    ])('is nothing when the token behind it %s, though the session goes on', async (_, times, code) => {
      const given = await instance().session(counted);
      const tokenTimes = { expiresAtS: undefined, notBeforeS: undefined, issuedAtS: undefined, ...times };
      const session = { ...headersOf(given), authorization: gateway.changed(given, { tokenTimes }) };
      const before = await total();
      const answer = await ask({ ...session, ...load }, counting);
      expect([answer.status, answer.body['code']]).toEqual([401, code]);
      expect((await ask(session, counting)).status).toBe(204);
      expect(await total()).toBe(before);
    });

    it('is nothing when its configuration is disabled or deleted, and open sessions go on', async () => {
      const own = await instance().configuration('Going');
      const session = await instance().session(own);
      const path = `/api/v1/web-access-tokens/configurations/${own.id}`;
      const codeOf = async () => (await ask({ ...headersOf(session), ...load }, counting)).body['code'];
      await instance().call('PATCH', path, { body: { enabled: false } });
      expect(await codeOf()).toBe('token_invalid');
      await instance().call('PATCH', path, { body: { enabled: true } });
      expect(await codeOf()).toBeUndefined();
      await instance().call('DELETE', path);
      expect(await codeOf()).toBe('token_invalid');
      expect((await ask(headersOf(session))).status).toBe(204);
      const refusals = await instance().get('/api/v1/refusals');
      expect(refusals.body['items']).toContainEqual(
        expect.objectContaining({ configurationId: own.id, reason: 'disabled', refusals: 2 }),
      );
    });

    it('is nothing when the token was revoked; with endSessions the session ends, too', async () => {
      const revoke = (body: object) => instance().call('POST', '/api/v1/auth/token/revoke', { body });
      const token = await mint(counted, { sub: 'revoked' });
      const session = await call(instance().url, 'POST', '/api/v1/wat/sessionToken', {
        ...{ body: { webAccessToken: token }, headers: {} },
      });
      expect((await revoke({ token })).status).toBe(200);
      const loaded = await ask({ ...headersOf(session), ...load }, counting);
      expect([loaded.status, loaded.body['code']]).toEqual([401, 'token_revoked']);
      expect((await ask(headersOf(session))).status).toBe(204);
      expect((await revoke({ token, endSessions: true })).status).toBe(200);
      expectSessionRefused(await ask(headersOf(session)));
    });
  });
});
