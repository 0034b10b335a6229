import { describe, expect, it } from 'vitest';
import { adminToken } from '../../support/app-process.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { type Answer, addApiToken, useInstance } from './support/instance.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const path = '/api/v1/ui/session';
  const configurations = '/api/v1/web-access-tokens/configurations';

  const signIn = (token: string, headers: Record<string, string> = {}) =>
    instance().call('POST', path, { body: { token }, headers });

  /** Returns the cookie that a response sets, its value and its attributes. */
  function cookieOf({ headers }: Answer): { cookie: string; value: string; attributes: string[] } {
    const [first = '', ...attributes] = (headers.get('set-cookie') ?? '').split('; ');
    return { cookie: first, value: first.split('=')[1] ?? '', attributes: attributes.sort() };
  }

  const statusWith = async (cookie: string, url = '/api/v1/usage/summary') =>
    (await instance().get(url, { cookie })).status;

  describe('signing in', () => {
    it('sets one cookie with a random value, HttpOnly and SameSite=Strict, for 12 hours', async () => {
      const answer = await signIn(adminToken);
      expect(answer.status).toBe(201);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const { value, attributes } = cookieOf(answer);
      expect(attributes).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
      expect(value).toMatch(/^[\w-]{43}$/);
      expect(cookieOf(await signIn(adminToken)).value).not.toBe(value);
      expect(answer.text).not.toContain(value);
      expect(answer.text).not.toContain(adminToken);
      expect(Object.keys(answer.body).sort()).toEqual(['expiresAt', 'scopes', 'tokenName']);
      const leftMs = Date.parse(String(answer.body['expiresAt'])) - Date.now();
      expect(leftMs / 3_600_000).toBeCloseTo(12, 1);
    });

    it('stores only a digest of the cookie value', async () => {
      const { value } = cookieOf(await signIn(adminToken));
      const rows = await instance().control.store.selectFrom('ui_sessions').selectAll().execute();
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(value);
    });

    it('trims the pasted token, and rejects an invalid API token', async () => {
      expect((await signIn(`  ${adminToken}\n`)).status).toBe(201);
      const expired = await addApiToken(instance(), { scopes: ['ops'], expiresAtMs: Date.now() - 1 });
      for (const token of ['', 'wrong', `${adminToken}x`, expired.token, `Bearer ${adminToken}`]) {
        const refused = await signIn(token);
        expect([refused.status, refused.body['code']]).toEqual([401, 'unauthenticated']);
        expect(refused.headers.get('set-cookie')).toBeNull();
      }
    });

    it('creates a dashboard session that expires with the API token', async () => {
      const expiresAtMs = Date.now() + 60_000;
      const { token } = await addApiToken(instance(), { scopes: ['usage:read'], expiresAtMs });
      const answer = await signIn(token);
      expect(Date.parse(String(answer.body['expiresAt']))).toBe(expiresAtMs);
      const age = cookieOf(answer).attributes.find((attribute) => attribute.startsWith('Max-Age'));
      expect(Number(age?.split('=')[1])).toBeLessThanOrEqual(60);
    });
  });

  describe('the dashboard cookie', () => {
    it('has exactly the scopes of its API token', async () => {
      const { token } = await addApiToken(instance(), { scopes: ['usage:read'] });
      const { cookie } = cookieOf(await signIn(token));
      expect(await statusWith(cookie)).toBe(200);
      expect(await statusWith(cookie, configurations)).toBe(403);
      const who = await instance().get(path, { cookie });
      expect([who.status, who.body['scopes'], who.headers.get('cache-control')]).toEqual([
        200,
        ['usage:read'],
        'no-store',
      ]);
    });

    it('is invalid after DELETE /api/v1/ui/session, and the response removes the cookie from the browser', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      const headers = { cookie, origin: instance().url };
      const answer = await instance().call('DELETE', path, { headers });
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(cookieOf(answer)).toMatchObject({
        value: '',
        attributes: expect.arrayContaining(['Max-Age=0', 'Path=/']),
      });
      expect(await statusWith(cookie)).toBe(401);
      expect(await statusWith(cookie, path)).toBe(401);
      expect((await instance().call('DELETE', path, { headers })).status).toBe(204);
    });

    it('is invalid once its API token is revoked or has expired', async () => {
      const { token, id } = await addApiToken(instance(), { scopes: ['usage:read'] });
      const { cookie } = cookieOf(await signIn(token));
      expect(await statusWith(cookie)).toBe(200);
      const change = (set: object) =>
        instance().control.store.updateTable('api_tokens').set(set).where('id', '=', id).execute();
      await change({ expires_at: Date.now() - 1 });
      expect(await statusWith(cookie)).toBe(401);
      await change({ expires_at: null, revoked_at: Date.now() });
      expect(await statusWith(cookie)).toBe(401);
    });

    it('is rejected when its name or its value differs', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      for (const changedCookie of [
        'watmeter_ui=',
        'watmeter_ui=x',
        `${cookie}x`,
        cookie.slice(0, -1),
        cookie.replace('_ui', ''),
      ]) {
        expect(await statusWith(changedCookie)).toBe(401);
      }
    });

    it('is ignored if the request has an Authorization header, even an invalid one', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      for (const authorization of ['Bearer wrong', 'Bearer', 'Basic YTpi', 'x']) {
        expect((await instance().get('/api/v1/usage/summary', { cookie, authorization })).status).toBe(401);
      }
    });
  });

  describe('a write request with the dashboard cookie', () => {
    const create = (headers: Record<string, string>) =>
      instance().call('POST', configurations, { headers, body: { name: 'By cookie' } });

    it('requires the origin of watmeter', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      const ownOrigin = instance().url;
      expect((await create({ cookie, origin: ownOrigin })).status).toBe(201);
      const { port } = new URL(ownOrigin);
      for (const origin of [
        'https://evil.example',
        'null',
        `https://127.0.0.1:${port}`,
        'http://127.0.0.1',
        `${ownOrigin}.evil.example`,
        '',
      ]) {
        const refused = await create({ cookie, origin });
        expect([refused.status, refused.body['code']]).toEqual([403, 'cross_origin']);
      }
      expect((await create({ cookie })).body['code']).toBe('cross_origin');
    });

    it('cannot bypass the origin check with an Authorization header that contains no token', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      for (const authorization of ['Basic YTpi', 'Bearer', 'Negotiate x', 'Bearer ']) {
        const refused = await create({ cookie, authorization, origin: 'https://evil.example' });
        expect([401, 403]).toContain(refused.status);
      }
    });

    it('requires a JSON body', async () => {
      const { cookie } = cookieOf(await signIn(adminToken));
      for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
        const headers = { cookie, origin: instance().url, 'content-type': type };
        const response = await fetch(instance().url + configurations, {
          method: 'POST',
          headers,
          body: '{"name":"x"}',
        });
        expect(response.status).toBe(415);
      }
    });

    it('is rejected if it is a sign-in or a sign-out from another origin', async () => {
      const origin = 'https://evil.example';
      expect((await signIn(adminToken, { origin })).body['code']).toBe('cross_origin');
      const { cookie } = cookieOf(await signIn(adminToken));
      const out = await instance().call('DELETE', path, { headers: { cookie, origin } });
      expect(out.body['code']).toBe('cross_origin');
      expect(await statusWith(cookie)).toBe(200);
    });
  });
});
