import { createRemoteJWKSet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../../support/api.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { type Answer, useInstance } from './support/instance.ts';
import {
  claimsPath,
  expectSessionRefused,
  getExactly,
  headersOf,
  openGateway,
  renewPath,
  sessionPath,
  viewerHeaderNames,
} from './support/session-api.ts';

const hourMs = 3_600_000;
const grants = { res: ['dashboards/7'], flt: [{ jaql: { dim: '[a]' } }] };
const allClaims = {
  sub: 'zoë@example.com',
  trc: ['x', 'y'],
  grants,
  lng: 'de-DE',
  loc: 'en-US',
  thm: 'dark',
};
const large = { sub: 'alice', grants: { res: ['x'.repeat(20_000)] } };

/** Tests sessions over HTTP on each control store. */
describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  let configuration: TestConfiguration;
  let gateway: Awaited<ReturnType<typeof openGateway>>;
  beforeAll(async () => {
    configuration = await instance().configuration();
    gateway = await openGateway(instance());
  });

  const openSession = (claims: Record<string, unknown> = { sub: 'alice' }) =>
    instance().session(configuration, claims);
  const authorize = (headers: Record<string, string>, query = '') =>
    getExactly(instance().url + sessionPath + query, headers);

  describe('forward-auth', () => {
    it('returns the viewer in one header for each claim', async () => {
      const session = await openSession(allClaims);
      const { status, headers, text } = await authorize(headersOf(session));
      expect([status, text]).toEqual([204, '']);
      expect(headers.get('cache-control')).toBe('no-store');
      const returnedClaims = Object.fromEntries(viewerHeaderNames.map((name) => [name, headers.get(name)]));
      expect(returnedClaims).toEqual({
        'x-wat-subject': encodeURIComponent('zoë@example.com'),
        'x-wat-configuration': configuration.id,
        'x-wat-organisation': 'default',
        'x-wat-session': session.body['sessionId'],
        'x-wat-language': 'de-DE',
        'x-wat-locale': 'en-US',
        'x-wat-theme': 'dark',
        'x-wat-grants': Buffer.from(JSON.stringify(grants)).toString('base64url'),
      });
    });

    it('sends empty headers for absent claims', async () => {
      const { headers } = await authorize(headersOf(await openSession()));
      const empty = viewerHeaderNames.filter((name) => headers.get(name) === '');
      expect(empty).toEqual(['x-wat-language', 'x-wat-locale', 'x-wat-theme', 'x-wat-grants']);
    });

    it('sends "ref" instead of grants of more than 4 KiB, and the claims endpoint returns these grants', async () => {
      const session = await openSession(large);
      expect(String(session.body['webSessionToken']).length).toBeLessThan(4096);
      const { headers } = await authorize(headersOf(session));
      expect(headers.get('x-wat-grants')).toBe('ref');
      const { body } = await instance().get(claimsPath, headersOf(session));
      expect(body['grants']).toEqual(large.grants);
    });

    it('returns an assertion with the same claims, which the published keys verify and which is valid for 60 seconds', async () => {
      const session = await openSession(allClaims);
      const { headers } = await authorize(headersOf(session));
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', instance().url));
      const { payload, protectedHeader } = await jwtVerify(String(headers.get('x-wat-assertion')), keys);
      expect(protectedHeader.alg).toBe('EdDSA');
      expect(payload).toEqual({
        ...{ iss: 'watmeter', sub: allClaims.sub, iat: expect.any(Number), exp: Number(payload.iat) + 60 },
        ...{ configurationId: configuration.id, organisationId: 'default' },
        ...{ sessionId: session.body['sessionId'], lng: 'de-DE', loc: 'en-US', thm: 'dark', grants },
      });
    });

    it('ignores the method and query of the call, and the method and URL of the original request', async () => {
      const headers = {
        ...headersOf(await openSession()),
        'x-original-uri': '/wat/secret',
        'x-forwarded-method': 'DELETE',
        'x-forwarded-uri': '/%zz?count=navigations',
      };
      for (const query of ['', '?', '?a=1&a=2&limit=x', '?x=/some/page%3Fa&wat_session=a', '?count=other'])
        expect((await authorize(headers, query)).status).toBe(204);
      for (const method of ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const withContentType = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
        // DELETE without a query ends the session. A proxy that forwards the method adds a query.
        const path = method === 'DELETE' ? `${sessionPath}?a=1` : sessionPath;
        const { status } = await fetch(instance().url + path, { method, headers: withContentType });
        expect([method, status]).toEqual([method, 204]);
      }
    });

    it('returns 200 with the same headers and an empty body if the proxy requests status 200', async () => {
      const session = await openSession();
      const { status, text, headers } = await authorize({ ...headersOf(session), 'x-wat-answer': '200' });
      expect([status, text]).toEqual([200, '']);
      expect(headers.get('x-wat-session')).toBe(session.body['sessionId']);
      expectSessionRefused(await authorize({ 'x-wat-answer': '200' }));
    });

    it('returns 401 with the same body for every invalid session', async () => {
      const session = await openSession();
      const { authorization = '', initialiser = '' } = headersOf(session);
      const other = headersOf(await openSession());
      const bare = authorization.slice('Bearer '.length);
      const ended = gateway.changed(session, { expiresAtMs: Date.now() - 1 });
      const answers = await Promise.all(
        [
          {},
          { authorization },
          { initialiser },
          { authorization, initialiser: other['initialiser'] ?? '' },
          { authorization, initialiser, initializer: other['initialiser'] ?? '' },
          { authorization: `${authorization}A`, initialiser },
          { authorization: `Basic ${bare}`, initialiser },
          { authorization: `Bearer ${ended}`, initialiser },
          { 'x-authorization': authorization, initialiser },
          { cookie: 'wat_session=wms1.session-token-1.AAAA' },
          { cookie: `wat_session=${ended}` },
          { cookie: `watmeter_ui=${bare}` },
        ].map((headers) => authorize(headers as Record<string, string>)),
      );
      for (const answer of answers) expectSessionRefused(answer);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    });
  });

  describe('the session credential', () => {
    it('is either the cookie, or the headers Authorization (with or without Bearer) and Initialiser (in either spelling)', async () => {
      const session = await openSession();
      const { authorization = '', initialiser = '' } = headersOf(session);
      const bare = authorization.slice('Bearer '.length);
      for (const headers of [
        { authorization, initialiser },
        { authorization: bare, initialiser },
        { authorization: `bearer ${bare}`, initializer: initialiser },
        { authorization: bare, initialiser, initializer: initialiser },
        gateway.cookieOf(session),
      ])
        expect((await authorize(headers as Record<string, string>)).status).toBe(204);
    });

    it('is rejected in a cookie if the token was issued for headers, and in headers if it was issued for a cookie', async () => {
      const session = await openSession();
      const { initialiser = '' } = headersOf(session);
      // An exchange issues a token for headers. In a cookie, the initialiser would not be checked.
      expectSessionRefused(await authorize({ cookie: `wat_session=${session.body['webSessionToken']}` }));
      const authorization = gateway.asCookie(String(session.body['webSessionToken']));
      expectSessionRefused(await authorize({ authorization, initialiser }));
    });

    it('is accepted in a cookie and in headers if an older version issued the token', async () => {
      const session = await openSession();
      const { initialiser = '' } = headersOf(session);
      const old = gateway.changed(session, { handOff: undefined });
      for (const headers of [{ authorization: old, initialiser }, { cookie: `wat_session=${old}` }])
        expect((await authorize(headers as Record<string, string>)).status).toBe(204);
    });

    it('is read from the headers if headers and cookie are present, even if the headers are invalid', async () => {
      const [headerSession, cookieSession] = [await openSession(), await openSession()];
      const answer = await authorize({ ...headersOf(headerSession), ...gateway.cookieOf(cookieSession) });
      expect(answer.headers.get('x-wat-session')).toBe(headerSession.body['sessionId']);
      expectSessionRefused(
        await authorize({
          ...headersOf(headerSession),
          initialiser: 'wrong',
          ...gateway.cookieOf(cookieSession),
        }),
      );
      expectSessionRefused(
        await authorize({ authorization: 'Bearer other', ...gateway.cookieOf(cookieSession) }),
      );
    });

    it('is never read from a URL', async () => {
      const session = await openSession();
      const { webSessionToken, initialiser } = session.body;
      for (const name of ['authorization', 'token', 'webSessionToken', 'wat_session', 'access_token'])
        expectSessionRefused(await authorize({}, `?${name}=${webSessionToken}&initialiser=${initialiser}`));
    });
  });

  describe('the claims endpoint', () => {
    it('returns all claims of the session, and null for absent claims', async () => {
      const session = await openSession(allClaims);
      const { status, headers, body } = await instance().get(claimsPath, headersOf(session));
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        sessionId: session.body['sessionId'],
        subject: 'zoë@example.com',
        configurationId: configuration.id,
        organisationId: 'default',
        ...{ grants, lng: 'de-DE', loc: 'en-US', thm: 'dark', tags: ['x', 'y'] },
        expiresAt: session.body['expiresAt'],
      });
      const bare = await instance().get(claimsPath, gateway.cookieOf(await openSession()));
      expect(bare.body).toMatchObject({ grants: null, lng: null, loc: null, thm: null, tags: [] });
    });

    it('returns claims unchanged, whatever their nesting and content', async () => {
      const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
      for (const text of [
        `{"sub":"a","grants":{"flt":[{"a":${deep(1000)}}]}}`,
        '{"sub":"a","grants":{"prm":{"__proto__":{"a":1},"constructor":[]}},"lng":7,"loc":["\\ud800"],"thm":{"a":null}}',
      ]) {
        const payload: Record<string, unknown> = JSON.parse(text);
        const session = await openSession(payload);
        expect((await authorize(headersOf(session))).status).toBe(204);
        const answer = await instance().get(claimsPath, headersOf(session));
        const { lng = null, loc = null, thm = null } = payload;
        const returnedClaims = Object.entries(answer.body).filter(([name]) =>
          ['grants', 'lng', 'loc', 'thm'].includes(name),
        );
        const expected = { grants: payload['grants'], lng, loc, thm };
        expect(JSON.stringify(Object.fromEntries(returnedClaims))).toBe(JSON.stringify(expected));
      }
    });

    it('returns 401 without a session, and 405 for other methods', async () => {
      expectSessionRefused(await instance().get(claimsPath, {}));
      const answer = await instance().call('POST', claimsPath, { headers: {} });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    });
  });

  describe('a renewal', () => {
    it.each([
      ['in its token', { sub: 'alice' }],
      ['in the control store', large],
    ])('extends the same session if its claims are %s', async (_, claims) => {
      const session = await openSession(claims);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { status, headers, body } = await instance().call('POST', renewPath, {
        headers: headersOf(session),
      });
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(Object.keys(body).sort()).toEqual(Object.keys(session.body).sort());
      const { sessionId, initialiser } = session.body;
      expect(body).toMatchObject({ sessionId, initialiser, initializer: initialiser });
      expect(String(body['expiresAt']) > String(session.body['expiresAt'])).toBe(true);
      const renewed = { ...session, body } as Answer;
      for (const answer of [session, renewed])
        expect((await authorize(headersOf(answer))).headers.get('x-wat-session')).toBe(sessionId);
    });

    it('by cookie sets a new cookie and does not reveal the session token to scripts', async () => {
      const session = await openSession();
      const { status, headers, body } = await instance().call('POST', renewPath, {
        headers: gateway.cookieOf(session),
      });
      expect(status).toBe(200);
      expect(body).toEqual({ sessionId: session.body['sessionId'], expiresAt: expect.any(String) });
      const cookie = headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(
        /^wat_session=wms1\.[\w.-]+; Max-Age=28[78]\d\d; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect((await authorize({ cookie: cookie.split(';')[0] ?? '' })).status).toBe(204);
    });

    it('is rejected with 401 without a session or after it has expired', async () => {
      expectSessionRefused(await instance().call('POST', renewPath, { headers: {} }));
      const session = await openSession();
      const authorization = gateway.changed(session, { expiresAtMs: Date.now() - 1 });
      expectSessionRefused(
        await instance().call('POST', renewPath, { headers: { ...headersOf(session), authorization } }),
      );
    });

    it('happens during forward-auth after half of the lifetime, for a session in a cookie or in headers', async () => {
      const session = await openSession();
      const { initialiser = '' } = headersOf(session);
      const old = gateway.changed(session, { expiresAtMs: Date.now() + 4 * hourMs - 1000 });
      const byHeaders = await authorize({ authorization: old, initialiser });
      expect(byHeaders.headers.get('set-cookie')).toBeNull();
      const token = String(byHeaders.headers.get('x-wat-renewed-token'));
      const expiresAtMs = Date.parse(String(byHeaders.headers.get('x-wat-renewed-expires')));
      expect(expiresAtMs).toBeGreaterThan(Date.now() + 7.9 * hourMs);
      expect((await authorize({ authorization: token, initialiser })).status).toBe(204);

      const byCookie = await authorize({ cookie: `wat_session=${gateway.asCookie(old)}` });
      expect(byCookie.headers.get('x-wat-renewed-token')).toBeNull();
      expect(byCookie.headers.get('set-cookie')).toMatch(/^wat_session=wms1\..*HttpOnly/);
      expect(byCookie.headers.get('x-wat-session')).toBe(session.body['sessionId']);

      const fresh = await authorize(headersOf(session));
      for (const name of ['x-wat-renewed-token', 'x-wat-renewed-expires', 'set-cookie'])
        expect(fresh.headers.get(name)).toBeNull();
    });
  });

  describe('the JWKS with the assertion keys', () => {
    it('is public and cacheable, and contains only public Ed25519 keys', async () => {
      const { status, headers, body } = await instance().get('/.well-known/jwks.json', {});
      expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
      expect(body).toEqual({
        keys: [
          {
            ...{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' },
            ...{ x: expect.stringMatching(/^[\w-]{43}$/), kid: expect.stringMatching(/^[\w-]{43}$/) },
          },
        ],
      });
    });
  });

  describe('a viewer session', () => {
    it('does not give access to the management API', async () => {
      const session = await openSession();
      const { authorization = '', initialiser = '' } = headersOf(session);
      const { cookie = '' } = gateway.cookieOf(session);
      const token = authorization.slice('Bearer '.length);
      const status = (await instance().get('/api/v1/usage/summary', {})).status;
      expect(status).toBe(401);
      for (const headers of [
        { authorization, initialiser },
        { authorization: token, initialiser },
        { cookie: `${cookie}; watmeter_ui=${token}`, origin: instance().url },
      ])
        for (const [method, path, body] of [
          ['GET', '/api/v1/web-access-tokens/configurations'],
          ['POST', '/api/v1/web-access-tokens/configurations', { name: 'Mine' }],
          ['PATCH', `/api/v1/web-access-tokens/configurations/${configuration.id}`, { enabled: false }],
          ['DELETE', `/api/v1/web-access-tokens/configurations/${configuration.id}`],
          ['GET', `/api/v1/web-access-tokens/configurations/${configuration.id}/usage`],
          ['POST', '/api/v1/web-access-tokens/test', { token: 'a' }],
          ['GET', '/api/v1/usage/summary'],
          ['GET', '/api/v1/usage/tags'],
          ['GET', '/api/v1/usage/integrity'],
          ['GET', '/api/v1/api-tokens'],
          ['POST', '/api/v1/api-tokens', { name: 'A', scopes: ['ops'], expiresIn: '1d' }],
          ['GET', '/api/v1/organisations'],
          ['GET', '/api/v1/audit'],
          ['GET', '/api/v1/refusals'],
          ['GET', '/api/v1/directory/subjects'],
          ['POST', '/api/v1/auth/token', { configurationId: configuration.id, sub: 'admin' }],
          ['POST', '/api/v1/auth/token/revoke', { configurationId: configuration.id }],
          ['GET', '/api/v1/ui/session'],
          ['POST', '/api/v1/ui/session', { token }],
        ] as const) {
          const answer = await instance().call(method, path, { headers: headers as never, body });
          expect([method, path, answer.status]).toEqual([method, path, 401]);
        }
    });
  });
});
