import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { useInstance } from './support/instance.ts';

const instance = useInstance();
const path = '/api/v1/wat/sessionToken';
const hourMs = 3_600_000;

let configuration: TestConfiguration;
beforeAll(async () => {
  configuration = await instance().configuration();
});

/** Creates a token that the process has not decrypted before. */
async function freshToken(claims: Record<string, unknown> = { sub: 'alice' }): Promise<string> {
  return mint(configuration, claims);
}

async function total(): Promise<unknown> {
  return (await instance().get('/api/v1/usage/summary')).body['total'];
}

describe('an exchange', () => {
  it('returns a session with five members and both spellings of the initialiser, with Cache-Control: no-store', async () => {
    const before = Date.now();
    const { status, headers, body } = await exchange(instance().url, await freshToken());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body).sort()).toEqual([
      ...['expiresAt', 'initialiser', 'initializer', 'sessionId', 'webSessionToken'],
    ]);
    expect(body['initialiser']).toBe(body['initializer']);
    expect(body['initialiser']).toMatch(/^[\w-]{16,}$/);
    expect(body['sessionId']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(body['expiresAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const expiresInMs = Date.parse(String(body['expiresAt'])) - before;
    expect(expiresInMs).toBeGreaterThanOrEqual(8 * hourMs);
    expect(expiresInMs).toBeLessThan(8 * hourMs + 60_000);
  });

  it('returns a session token that fits in a header and does not reveal claims', async () => {
    const claims = { sub: 'viewer-Zoë', trc: ['campaign-x'], grants: { res: ['dashboard:1'] } };
    const { body } = await exchange(instance().url, await freshToken(claims));
    const text = String(body['webSessionToken']);
    expect(text).toMatch(/^[\w.-]+$/);
    const decoded = text.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const secret of ['viewer', 'campaign', 'dashboard', String(body['initialiser'])]) {
      expect([text, ...decoded].join(' ')).not.toContain(secret);
    }
  });

  it('starts and counts a new session each time', async () => {
    const token = await freshToken();
    await exchange(instance().url, token);
    await instance().settled();
    const before = await total();
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(instance().url, token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    for (const member of ['sessionId', 'initialiser', 'webSessionToken']) {
      expect(new Set(answers.map(({ body }) => body[member])).size).toBe(20);
    }
    await instance().settled();
    expect(await total()).toBe(Number(before) + 20);
  });

  it('needs only the token, and ignores other credentials', async () => {
    const body = { webAccessToken: await freshToken() };
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { cookie: 'watmeter_ui=wrong', origin: 'https://a.example' },
    ]) {
      expect((await instance().call('POST', path, { body, headers })).status).toBe(200);
    }
  });
});

describe('an exchange request', () => {
  it('may contain white space around the token', async () => {
    const token = await freshToken();
    for (const pasted of [` ${token}`, `${token}\n`, `\r\n\t ${token} \r\n`, `\u00a0${token}\ufeff`]) {
      expect((await exchange(instance().url, pasted)).status).toBe(200);
    }
  });

  it('may have other members in its body, and a query', async () => {
    const webAccessToken = await freshToken();
    const body = { webAccessToken, extra: { deep: [1] }, webSessionToken: 7, exp: 0 };
    const query = '?token=a&limit=0&webAccessToken=b';
    expect((await instance().call('POST', `${path}${query}`, { body, headers: {} })).status).toBe(200);
  });

  it('may contain a token with unknown claims and with null or absent times', async () => {
    for (const claims of [
      { sub: 'a', exp: null, nbf: null },
      { sub: 'a', jti: 'x', iss: 5, aud: [], nonce: {}, grants: {} },
      { sub: 'a', lng: 7, loc: null, thm: { dark: true } },
    ]) {
      expect((await exchange(instance().url, await freshToken(claims))).status).toBe(200);
    }
  });

  it('may have a content type in upper or lower case, with parameters', async () => {
    for (const type of [
      'application/json',
      'APPLICATION/JSON; charset=UTF-8',
      'application/json;charset=utf-8',
    ]) {
      const body = JSON.stringify({ webAccessToken: await freshToken() });
      const response = await fetch(instance().url + path, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(response.status).toBe(200);
      await response.text();
    }
  });
});

describe('the times of a token', () => {
  it('allow exchanges from nbf until exp, including fractions of a second', async () => {
    const now = Date.now() / 1000;
    const codeOf = async (claims: object) =>
      (await exchange(instance().url, await freshToken({ sub: 'a', ...claims }))).body['code'];
    expect(await codeOf({ exp: now + 60.25 })).toBeUndefined();
    expect(await codeOf({ exp: now - 0.001 })).toBe('token_expired');
    expect(await codeOf({ nbf: now - 0.001 })).toBeUndefined();
    expect(await codeOf({ nbf: now + 60.25 })).toBe('token_not_yet_valid');
  });
});
