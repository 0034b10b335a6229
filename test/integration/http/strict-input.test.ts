import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { adminToken } from '../../support/app-process.ts';
import { useInstance } from './support/instance.ts';
import { problemFromRaw } from './support/raw-http.ts';

const instance = useInstance({ LINK_TARGET_URL: 'https://app.example' });
const configurations = '/api/v1/web-access-tokens/configurations';
const json = { 'content-type': 'application/json' };
const authorization = `Bearer ${adminToken}`;

async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: Uint8Array | string,
) {
  const init = { method, headers: { authorization, ...headers }, ...(body !== undefined && { body }) };
  const response = await fetch(instance().url + path, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

describe('the encoding of a request body', () => {
  const valid = JSON.stringify({ name: 'Zoë' });
  it.each([
    ['bytes that are not UTF-8', json, Buffer.from(valid, 'latin1'), 400, 'invalid_utf8'],
    ['half of a character', json, Buffer.from(valid).subarray(0, -3), 400, 'invalid_utf8'],
    ['ISO 8859-1', { 'content-type': 'application/json; charset=iso-8859-1' }, valid, 415, undefined],
    ['UTF-16', { 'content-type': 'application/json;charset="utf-16"' }, valid, 415, undefined],
    ['gzip', { ...json, 'content-encoding': 'gzip' }, gzipSync(valid), 415, undefined],
    ['an unknown encoding', { ...json, 'content-encoding': 'x' }, valid, 415, undefined],
    ['UTF-8', { 'content-type': 'application/json; charset=UTF-8' }, valid, 201, undefined],
    ['UTF-8 in quotes', { 'content-type': 'application/json;charset="utf-8"' }, valid, 201, undefined],
    ['a byte order mark', json, `\ufeff${valid}`, 201, undefined],
    ['identity', { ...json, 'content-encoding': 'identity' }, valid, 201, undefined],
  ])('determines the status of the response: %s', async (_, headers, body, status, code) => {
    const answer = await send('POST', configurations, headers, body);
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.body.code).toBe('unsupported_media_type');
    if (code !== undefined) expect(answer.body.code).toBe(code);
    if (status === 201) expect(answer.body.name).toBe('Zoë');
  });

  it('must also be UTF-8 without compression if the body is a link form', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const isoForm = { 'content-type': `${form['content-type']}; charset=iso-8859-1` };
    for (const [headers, body, code] of [
      [form, Buffer.from('wat=\xff', 'latin1'), 'invalid_utf8'],
      [isoForm, 'wat=a', 'unsupported_media_type'],
      [{ ...form, 'content-encoding': 'gzip' }, gzipSync('wat=a'), 'unsupported_media_type'],
    ] as const)
      expect((await send('POST', '/wat/a', headers, body)).body.code).toBe(code);
  });
});

describe('an empty body with a JSON content type', () => {
  it('is accepted by operations that do not define a body', async () => {
    const { id } = await instance().configuration();
    expect((await send('DELETE', `${configurations}/${id}`, json)).status).toBe(204);
    const name = { name: 'E2', scopes: ['usage:read'], expiresIn: '1d' };
    const token = await send('POST', '/api/v1/api-tokens', json, JSON.stringify(name));
    for (const action of ['generate', 'revoke'])
      expect((await send('POST', `/api/v1/api-tokens/${token.body.id}/${action}`, json)).status).toBe(200);
    const { body } = await instance().session(await instance().configuration());
    const headers = {
      ...json,
      authorization: String(body['webSessionToken']),
      initialiser: String(body['initialiser']),
    };
    expect((await send('POST', '/api/v1/wat/session/renew', headers)).status).toBe(200);
  });

  it('is rejected by operations that require a body', async () => {
    expect((await send('POST', configurations, json)).body.code).toBe('invalid_json');
  });
});

describe('the list of errors in a response', () => {
  it('has at most 50 entries, and the response contains the number of omitted errors', async () => {
    const members = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index}`, 1]));
    const { status, body } = await send('POST', '/api/v1/ui/session', json, JSON.stringify(members));
    expect(status).toBe(400);
    expect([body.errors.length, body.moreErrors]).toEqual([50, 9951]);
  });
});

describe('an HTTP request', () => {
  const health = 'GET /health/live HTTP/1.1';
  it.each([
    ['no Host', `${health}\r\n\r\n`, 400, 'bad_request'],
    ['two Hosts', `${health}\r\nHost: a\r\nhost: b\r\n\r\n`, 400, 'bad_request'],
    ['an unknown Expect', `${health}\r\nHost: a\r\nExpect: wonders\r\n\r\n`, 417, 'expectation_failed'],
    ['TRACE', 'TRACE /health/live HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
    [
      'QUERY',
      'QUERY /api/v1/usage/summary HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
      405,
      'method_not_allowed',
    ],
    ['PROPFIND', 'PROPFIND /health/live HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
    ['an unknown method', 'BREW /health/live HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
    [
      'a URL of 100 KB',
      `GET /wat/${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    [
      'a URL of 1 MB',
      `GET /wat/${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    [
      'headers of 200 KB',
      `${health}\r\nHost: a\r\n${'X: a\r\n'.repeat(30_000)}\r\n`,
      431,
      'headers_too_large',
    ],
  ])('is rejected with a problem response: %s', async (_, bytes, status, code) => {
    const answer = await problemFromRaw(instance().url, bytes);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('may omit the Host header if its version is HTTP/1.0', async () => {
    const answer = await problemFromRaw(instance().url, 'GET /unknown HTTP/1.0\r\n\r\n');
    expect(answer.status).toBe(404);
  });
});

describe('a name', () => {
  const newToken = (name: string) => ({ name, scopes: ['usage:read'], expiresIn: '1d' });
  const bodies = {
    [configurations]: (name: string) => ({ name }),
    '/api/v1/api-tokens': newToken,
    '/api/v1/organisations': (name: string) => ({ name }),
  };

  it('is rejected if it contains direction controls or invisible characters, or only blanks', async () => {
    const codePoints = [0x202e, 0x2066, 0x200e, 0x61c, 0x200b, 0x200d, 0x2060, 0xad, 0xfeff, 0xe0041];
    const names = codePoints.map((codePoint) => `Sales${String.fromCodePoint(codePoint)}`);
    for (const [path, bodyOf] of Object.entries(bodies))
      for (const name of [...names, '\u2800', '\u3164', '\u3000', '\ufeffa', ' '])
        expect([name, (await send('POST', path, json, JSON.stringify(bodyOf(name)))).status]).toEqual([
          name,
          400,
        ]);
  });

  it('is stored without leading and trailing blanks, and with single blanks between words', async () => {
    for (const [path, bodyOf] of Object.entries(bodies)) {
      const created = await send(
        'POST',
        path,
        json,
        JSON.stringify(bodyOf('  Zoë’s\u00a0 \u3000big  report ❤️ ')),
      );
      expect(created.body.name).toBe('Zoë’s big report ❤️');
    }
  });

  it('must be unique in the stored form, ignoring case', async () => {
    for (const [path, bodyOf] of Object.entries(bodies)) {
      if (path === configurations) continue;
      expect((await send('POST', path, json, JSON.stringify(bodyOf('Nightly export')))).status).toBe(201);
      for (const name of [' nightly  EXPORT', 'Nightly\u00a0export', 'Nightly export\ufe0f'])
        expect((await send('POST', path, json, JSON.stringify(bodyOf(name)))).body.code).toBe('name_taken');
    }
  });

  it('is trimmed and validated in the same way when it is changed', async () => {
    const { id } = await instance().configuration();
    const changed = await send('PATCH', `${configurations}/${id}`, json, '{"name":" a   b "}');
    expect(changed.body.name).toBe('a b');
    const token = await send('POST', '/api/v1/api-tokens', json, JSON.stringify(newToken('To rename')));
    const path = `/api/v1/api-tokens/${token.body.id}`;
    expect((await send('PATCH', path, json, '{"name":" c   d "}')).body.name).toBe('c d');
    expect((await send('PATCH', path, json, '{"name":"\u202ed"}')).status).toBe(400);
  });
});
