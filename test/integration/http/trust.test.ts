import { describe, expect, it } from 'vitest';
import { adminToken } from '../../support/app-process.ts';
import { addApiToken, useInstance } from './support/instance.ts';
import { sendRaw } from './support/raw-http.ts';

const instance = useInstance();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Sends a GET from loopback, with other headers than `fetch` allows. */
async function getFrom(path: string, headers: string) {
  const answer = await sendRaw(instance().url, `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
  return { status: Number(answer.split(' ')[1]), text: answer };
}

describe('a privilege of loopback', () => {
  it.each([
    ['', true],
    ['Via: 1.1 proxy\r\n', false],
    ['X-Real-IP: 203.0.113.7\r\n', false],
    ['X-Forwarded-Proto: https\r\n', false],
    ['Forwarded: for=127.0.0.1\r\n', false],
  ])('depends on the headers of proxies: %j', async (headers, isLocal) => {
    const own = `Host: 127.0.0.1\r\n${headers}`;
    expect((await getFrom('/metrics', own)).status).toBe(isLocal ? 200 : 403);
    expect((await getFrom('/health/ready', own)).text.includes('"parts"')).toBe(isLocal);
  });

  it('depends on Host', async () => {
    expect((await getFrom('/metrics', 'Host: evil.example\r\n')).status).toBe(403);
    expect((await getFrom('/health/ready', 'Host: evil.example\r\n')).text).not.toContain('"parts"');
  });
});

describe('wrong API tokens', () => {
  const signIn = (token: string) =>
    instance().call('POST', '/api/v1/ui/session', { body: { token }, headers: { origin: instance().url } });
  const read = (token: string) => instance().get('/api/v1/usage/summary', bearer(token));
  const secret = (character: string) => character.repeat(43);

  it('are limited to 20 in a minute for one token, which still works with its secret', async () => {
    const { id, token } = await addApiToken(instance(), { scopes: ['usage:read'] });
    const statuses = [];
    for (let attempt = 0; attempt < 22; attempt += 1)
      statuses.push((await read(`wmt_${id}_${secret('a')}`)).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
    const limited = await signIn(`wmt_${id}_${secret('b')}`);
    expect([limited.status, limited.body['code']]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await read(token)).status).toBe(200);
    expect((await signIn(token)).status).toBe(201);
  });

  it('do not include expired tokens with the right secret', async () => {
    const { headers } = await addApiToken(instance(), {
      scopes: ['usage:read'],
      expiresAtMs: Date.now() - 1,
    });
    const statuses = [];
    for (let attempt = 0; attempt < 22; attempt += 1)
      statuses.push((await instance().get('/api/v1/usage/summary', headers)).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
  });

  it('are limited for an address', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => signIn(`wrong-${index}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect((await signIn(adminToken)).status).toBe(201);
  });
});

describe('an authenticated response', () => {
  it('must not be stored by caches', async () => {
    const paths = [
      ...['web-access-tokens/configurations', 'usage/summary', 'usage/tags', 'api-tokens', 'organisations'],
      ...['audit', 'refusals', 'time-zones', 'usage/configurations?format=csv', 'directory/subjects'],
    ];
    for (const path of paths) {
      const { status, headers } = await instance().get(`/api/v1/${path}`);
      expect([path, status, headers.get('cache-control'), headers.get('vary')]).toEqual([
        ...[path, 200, 'no-store', expect.stringMatching(/^Cookie, Authorization(, Accept)?$/)],
      ]);
    }
    const { body } = await instance().session(await instance().configuration());
    const credentials = {
      authorization: String(body['webSessionToken']),
      initialiser: String(body['initialiser']),
    };
    for (const path of ['/api/v1/wat/session', '/api/v1/wat/session/claims']) {
      const { headers } = await instance().get(path, credentials);
      expect([headers.get('cache-control'), headers.get('vary')]).toEqual([
        'no-store',
        'Cookie, Authorization',
      ]);
    }
  });
});
