import { beforeAll, describe, expect, it } from 'vitest';
import { mint } from '../../support/api.ts';
import { useInstance } from './support/instance.ts';
import { claimsPath, headersOf, renewPath, sessionPath } from './support/session-api.ts';

const origin = 'https://portal.example';
const instance = useInstance({ ALLOWED_ORIGINS: `${origin}, http://localhost:5173` });
const exchangePath = '/api/v1/wat/sessionToken';
let token: string;
beforeAll(async () => {
  token = await mint(await instance().configuration(), { sub: 'alice' });
});

const corsHeaders = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

/** Sends a preflight request like a browser (Fetch Standard, CORS-preflight fetch). */
async function preflight(path: string, pageOrigin: string, method = 'POST') {
  const response = await fetch(instance().url + path, {
    method: 'OPTIONS',
    headers: {
      origin: pageOrigin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,initialiser',
    },
  });
  await response.text();
  return response;
}

describe('a page of an allowed origin', () => {
  it.each([
    [exchangePath, 'POST'],
    [renewPath, 'POST'],
    [claimsPath, 'GET'],
  ])('may call %s with %s, without credentials', async (path, method) => {
    for (const pageOrigin of [origin, 'http://localhost:5173']) {
      const { status, headers } = await preflight(path, pageOrigin, method);
      expect(status).toBe(204);
      expect(headers.get('vary')).toBe('Origin');
      expect(corsHeaders(headers)).toEqual({
        'access-control-allow-origin': pageOrigin,
        'access-control-allow-methods': method,
        'access-control-allow-headers': 'authorization, content-type, initialiser, initializer',
        'access-control-max-age': '600',
      });
    }
  });

  it('may read every response, including refusals', async () => {
    const send = (webAccessToken: unknown) =>
      instance().call('POST', exchangePath, { body: { webAccessToken }, headers: { origin } });
    const good = await send(token);
    const answers = [
      good,
      await send('wrong'),
      await send(7),
      await instance().call('POST', exchangePath, { body: '{', headers: { origin } }),
      await instance().get(claimsPath, { ...headersOf(good), origin }),
      await instance().get(claimsPath, { origin }),
      await instance().call('POST', renewPath, { headers: { ...headersOf(good), origin } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 400, 200, 401, 200]);
    for (const { headers } of answers) {
      expect(headers.get('vary')).toMatch(/^Origin(, Cookie, Authorization)?$/);
      expect(corsHeaders(headers)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'retry-after',
      });
    }
  });
});

describe('a page of another origin', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://portal.example',
    'https://portal.example.evil.example',
    'https://portal.example:8443',
    'https://PORTAL.example',
    `${origin}/`,
    '*',
  ])('does not receive CORS headers: %s', async (pageOrigin) => {
    for (const path of [exchangePath, renewPath, claimsPath])
      expect(corsHeaders((await preflight(path, pageOrigin)).headers)).toEqual({});
    const body = { webAccessToken: token };
    const { headers } = await instance().call('POST', exchangePath, {
      body,
      headers: { origin: pageOrigin },
    });
    expect([corsHeaders(headers), headers.get('vary')]).toEqual([{}, 'Origin']);
  });
});

describe('routes without CORS', () => {
  it('do not send CORS headers', async () => {
    for (const path of [
      sessionPath,
      '/.well-known/jwks.json',
      '/api/v1/usage/summary',
      '/api/v1/web-access-tokens/configurations',
      '/api/v1/auth/token',
      '/api/v1/ui/session',
      '/health/live',
    ]) {
      expect([path, corsHeaders((await preflight(path, origin)).headers)]).toEqual([path, {}]);
      expect([path, corsHeaders((await instance().get(path, { origin })).headers)]).toEqual([path, {}]);
    }
  });
});
