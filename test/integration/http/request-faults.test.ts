import { beforeAll, describe, expect, it } from 'vitest';
import { mint } from '../../support/api.ts';
import { type Answer, useInstance } from './support/instance.ts';
import { problemFromRaw, sendRaw } from './support/raw-http.ts';

const instance = useInstance();
const path = '/api/v1/wat/sessionToken';
/** A marker text that is sent in place of a token. Error responses must not contain it. */
const secret = 'eyJhbGciOiJSU0EtT0FFUC0yNTYi-marker-of-a-token';
let token: string;
beforeAll(async () => {
  token = await mint(await instance().configuration(), { sub: 'alice' });
});

const post = (body: unknown, headers = {}) => instance().call('POST', path, { body, headers });

async function postAs(type: string | undefined, body: string): Promise<Answer & { code: unknown }> {
  const bytes = new TextEncoder().encode(body);
  const headers = type === undefined ? {} : { 'content-type': type };
  const response = await fetch(instance().url + path, { method: 'POST', headers, body: bytes });
  const text = await response.text();
  const answer = JSON.parse(text);
  return { status: response.status, headers: response.headers, body: answer, text, code: answer.code };
}

/** Expects a problem document (RFC 9457) with this status and code that does not contain parts of the request. */
function expectProblem(
  { status, headers, body, text }: Answer,
  expected: { status: number; code: string },
): void {
  expect({ status, code: body['code'] }).toEqual(expected);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body['status']).toBe(status);
  expect(body['type']).toBe(`urn:watmeter:problem:${expected.code}`);
  expect([body['title'], body['detail']]).toEqual([expect.any(String), expect.any(String)]);
  for (const repeated of [secret, token, path]) expect(text).not.toContain(repeated);
}

describe('a request body', () => {
  it.each([
    '',
    '{',
    '{"webAccessToken":',
    `{"webAccessToken":"${secret}"`,
    `${secret}`,
    '{"a":1}x',
    '\u0000',
  ])('that is not JSON is rejected with 400: %j', async (body) => {
    expectProblem(await post(body), { status: 400, code: 'invalid_json' });
  });

  it.each([
    ['[]', '', 'must be object'],
    ['null', '', 'must be object'],
    [`"${secret}"`, '', 'must be object'],
    ['{}', '/webAccessToken', 'is missing'],
    [`{"WebAccessToken":"${secret}"}`, '/webAccessToken', 'is missing'],
    ['{"webAccessToken":7}', '/webAccessToken', 'must be string'],
    ['{"webAccessToken":null}', '/webAccessToken', 'must be string'],
    [`{"webAccessToken":["${secret}"]}`, '/webAccessToken', 'must be string'],
    [`{"webAccessToken":{"${secret}":1}}`, '/webAccessToken', 'must be string'],
  ])(
    'that violates the schema is rejected with 400 and the path of the error: %s',
    async (body, faultPath, message) => {
      const answer = await post(body);
      expectProblem(answer, { status: 400, code: 'invalid_request' });
      expect(answer.body['errors']).toEqual([{ path: faultPath, message }]);
    },
  );

  it.each([
    ...[
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'application/xml',
      'json',
    ],
    ...[
      'application/jsonx',
      'application/json\ta',
      'application/json, text/plain',
      'multipart/form-data; boundary=x',
    ],
    undefined,
  ])('whose content type is not JSON is rejected with 415: %s', async (type) => {
    const answer = await postAs(type, JSON.stringify({ webAccessToken: token }));
    expectProblem(answer, { status: 415, code: 'unsupported_media_type' });
  });

  it('of more than 256 KiB is rejected with 413, with or without Content-Length, and is read only up to the limit', async () => {
    const bodyOf = (bytes: number) => `{"webAccessToken":"${secret.padEnd(bytes - 21, 'a')}"}`;
    expect(Buffer.byteLength(bodyOf(262_144))).toBe(262_144);
    expectProblem(await post(bodyOf(262_144)), { status: 401, code: 'token_invalid' });
    expectProblem(await post(bodyOf(262_145)), { status: 413, code: 'payload_too_large' });

    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
    const large = bodyOf(2_000_000);
    const withLength = await problemFromRaw(
      instance().url,
      `${head}Content-Length: ${large.length}\r\n\r\n${large}`,
    );
    expect([withLength.status, withLength.body['code']]).toEqual([413, 'payload_too_large']);
    const chunk = 'a'.repeat(65_536);
    const chunks = `${`10000\r\n${chunk}\r\n`.repeat(5)}0\r\n\r\n`;
    const chunked = await problemFromRaw(
      instance().url,
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`,
    );
    expect([chunked.status, chunked.body['code']]).toEqual([413, 'payload_too_large']);
  });
});

describe('a request URL', () => {
  it.each([
    `/${secret}`,
    `/api/v1/${secret}`,
    `/api/v1/usage/${secret}`,
    `/api/v1/wat/sessionToken/${secret}`,
    '/API/V1/WAT',
  ])('that does not match any route returns 404: %s', async (url) => {
    expectProblem(await instance().get(url), { status: 404, code: 'not_found' });
    expectProblem(await instance().call('POST', url, { body: {} }), { status: 404, code: 'not_found' });
  });

  it('of a link returns 404 if LINK_TARGET_URL is not set, whatever the token and the path', async () => {
    for (const url of [`/wat/${secret}/a`, `/wat/${token}/a`, `/wat/${token}/..%2Fa`, '/wat/']) {
      const answer = await instance().call('GET', url, { headers: {} });
      expectProblem(answer, { status: 404, code: 'link_target_missing' });
      expect(answer.body['detail']).toContain('LINK_TARGET_URL');
    }
  });

  it('that cannot be decoded is rejected with 400', async () => {
    for (const url of [`/api/v1/usage/tags/%FF${secret}`, `/api/v1/usage/tags/%${secret}`, '/%']) {
      expectProblem(await instance().get(url), { status: 400, code: 'bad_request' });
    }
  });

  it('with a parameter that is too long is rejected with 414', async () => {
    const long = secret + 'a'.repeat(3000);
    for (const url of [`/api/v1/usage/tags/${long}`, `/api/v1/web-access-tokens/configurations/${long}`]) {
      expectProblem(await instance().get(url), { status: 414, code: 'uri_too_long' });
    }
  });
});

describe('a request method', () => {
  it.each([
    [path, ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], 'POST'],
    ['/api/v1/usage/summary', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], 'GET, HEAD'],
    ['/api/v1/web-access-tokens/configurations', ['PUT', 'PATCH', 'DELETE'], 'GET, HEAD, POST'],
    ['/api/v1/web-access-tokens/configurations/abc', ['POST', 'PUT'], 'DELETE, GET, HEAD, PATCH'],
    ['/api/v1/ui/session', ['PUT', 'PATCH'], 'DELETE, GET, HEAD, POST'],
    ['/health/live', ['POST', 'DELETE'], 'GET, HEAD'],
    ['/', ['POST', 'PUT'], 'GET, HEAD'],
  ])(
    'that the route does not support is rejected with 405 and an Allow header: %s',
    async (url, methods, allow) => {
      for (const method of methods) {
        // The request has no credentials, because the 405 response must not depend on them.
        const answer = await instance().call(method, url, { headers: { 'x-token': secret } });
        expectProblem(answer, { status: 405, code: 'method_not_allowed' });
        expect(answer.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow);
      }
    },
  );

  it('of HEAD is rejected with 405 for an exchange', async () => {
    const response = await fetch(instance().url + path, { method: 'HEAD' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('an HTTP message that is not a valid request', () => {
  it('gets a problem response for oversized headers, an oversized or invalid request line, and an invalid length', async () => {
    const { url } = instance();
    const large = await problemFromRaw(
      url,
      `GET /${secret} HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    );
    expect([large.status, large.body['code']]).toEqual([431, 'headers_too_large']);
    const target = await problemFromRaw(
      url,
      `GET /${secret}${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    expect([target.status, target.body['code']]).toEqual([414, 'uri_too_long']);
    const tooLarge = await problemFromRaw(
      url,
      `GET /${secret}${'a'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    expect([tooLarge.status, tooLarge.body['code']]).toEqual([414, 'uri_too_long']);
    const garbage = await problemFromRaw(url, `${secret}\r\n\r\n`);
    expect([garbage.status, garbage.body['code']]).toEqual([400, 'bad_request']);
    const length = await problemFromRaw(url, `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n`);
    expect([length.status, length.body['code']]).toEqual([400, 'bad_request']);
    for (const { head, body } of [large, target, tooLarge, garbage, length]) {
      expect(head + JSON.stringify(body)).not.toContain(secret);
    }
  });

  it('cannot smuggle a second request, because Content-Length with Transfer-Encoding is rejected', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
    const answer = await sendRaw(
      instance().url,
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
