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

/** Tests which requests behind forward-auth count as sessions. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  let gateway: Awaited<ReturnType<typeof openGateway>>;
  beforeAll(async () => {
    gateway = await openGateway(instance());
  });
  const authorize = (headers: Record<string, string>, query = '') =>
    getExactly(instance().url + sessionPath + query, headers);

  describe('the count of page loads', () => {
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

    it('includes only navigation requests if count=navigations', async () => {
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
        expect((await authorize({ ...headers, 'sec-fetch-mode': mode }, query)).status).toBe(204);
      expect((await authorize(headers, counting)).status).toBe(204);
      await instance().get(claimsPath, { ...headers, ...load });
      await instance().call('POST', renewPath, { headers: { ...headers, ...load } });
      expect(await total()).toBe(1);

      for (let refresh = 0; refresh < 3; refresh += 1)
        expect((await authorize({ ...headers, ...load }, counting)).status).toBe(204);
      expect((await authorize({ ...headers, ...load }, '?x=/page&count=navigations')).status).toBe(204);
      expect(await total()).toBe(5);
      const tags = await instance().get(`/api/v1/usage/tags?configurationId=${counted.id}`);
      expect(tags.body).toMatchObject({ items: [{ tag: 'tag', total: 5 }], distinctSessions: 5 });
    });

    it('excludes the first page load after a link, and includes every later page load', async () => {
      const before = await total();
      const { cookie } = gateway.asLink(await instance().session(counted));
      for (const expected of [1, 2, 3]) {
        expect((await authorize({ cookie, ...load }, counting)).status).toBe(204);
        expect(await total()).toBe(before + expected);
      }
    });

    it('is five for five links that are opened concurrently, although their cookies overwrite each other', async () => {
      const before = await total();
      const links = await Promise.all(
        Array.from({ length: 5 }, async () => gateway.asLink(await instance().session(counted))),
      );
      const cookie = [links[4]?.cookie, ...links.map(({ mark }) => mark)].join('; ');
      const pageLoads = Array.from({ length: 5 }, () => authorize({ cookie, ...load }, counting));
      expect((await Promise.all(pageLoads)).map(({ status }) => status)).toEqual(Array(5).fill(204));
      expect(await total()).toBe(before + 5);
      await authorize({ cookie, ...load }, counting);
      expect(await total()).toBe(before + 6);
    });

    it.each([
      ['has expired', { expiresAtS: Date.now() / 1000 - 0.01 }, 'token_expired'],
      ['is not valid yet', { notBeforeS: Date.now() / 1000 + 60 }, 'token_not_yet_valid'],
    ])('excludes page loads whose token %s, while the session stays valid', async (_, times, code) => {
      const opened = await instance().session(counted);
      const tokenTimes = { expiresAtS: undefined, notBeforeS: undefined, issuedAtS: undefined, ...times };
      const session = { ...headersOf(opened), authorization: gateway.changed(opened, { tokenTimes }) };
      const before = await total();
      const answer = await authorize({ ...session, ...load }, counting);
      expect([answer.status, answer.body['code']]).toEqual([401, code]);
      expect((await authorize(session, counting)).status).toBe(204);
      expect(await total()).toBe(before);
    });

    it('excludes page loads of a disabled or deleted configuration, while open sessions stay valid', async () => {
      const changing = await instance().configuration('Changing');
      const session = await instance().session(changing);
      const path = `/api/v1/web-access-tokens/configurations/${changing.id}`;
      const codeOf = async () => (await authorize({ ...headersOf(session), ...load }, counting)).body['code'];
      await instance().call('PATCH', path, { body: { enabled: false } });
      expect(await codeOf()).toBe('token_invalid');
      await instance().call('PATCH', path, { body: { enabled: true } });
      expect(await codeOf()).toBeUndefined();
      await instance().call('DELETE', path);
      expect(await codeOf()).toBe('token_invalid');
      expect((await authorize(headersOf(session))).status).toBe(204);
      const refusals = await instance().get('/api/v1/refusals');
      expect(refusals.body['items']).toContainEqual(
        expect.objectContaining({ configurationId: changing.id, reason: 'disabled', refusals: 2 }),
      );
    });

    it('excludes page loads of a revoked token, and a revocation with endSessions also ends the session', async () => {
      const revoke = (body: object) => instance().call('POST', '/api/v1/auth/token/revoke', { body });
      const token = await mint(counted, { sub: 'revoked' });
      const session = await call(instance().url, 'POST', '/api/v1/wat/sessionToken', {
        ...{ body: { webAccessToken: token }, headers: {} },
      });
      expect((await revoke({ token })).status).toBe(200);
      const loaded = await authorize({ ...headersOf(session), ...load }, counting);
      expect([loaded.status, loaded.body['code']]).toEqual([401, 'token_revoked']);
      expect((await authorize(headersOf(session))).status).toBe(204);
      expect((await revoke({ token, endSessions: true })).status).toBe(200);
      expectSessionRefused(await authorize(headersOf(session)));
    });
  });
});
