import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { useInstance } from './support/instance.ts';
import { browserHeaders, countSessions, createTokenOfLength, visit } from './support/links.ts';
import { problemFromRaw, sendRaw } from './support/raw-http.ts';

const target = 'https://app.example/bi';
const instance = useInstance({ LINK_TARGET_URL: `${target}/`, TRUST_PROXY: 'true', LOG_LEVEL: 'trace' });
const form = { 'content-type': 'application/x-www-form-urlencoded' };

let configuration: TestConfiguration;
let token: string;
beforeAll(async () => {
  configuration = await instance().configuration('Links');
  token = await mint(configuration, { sub: 'alice', grants: { res: ['dashboards/42'] } });
  await instance().session(configuration);
});

const open = (path: string, options?: Parameters<typeof visit>[2]) => visit(instance().url, path, options);
const post = (path: string, fields: Record<string, string> | string, headers = {}) =>
  open(path, {
    method: 'POST',
    headers: { ...form, ...headers },
    body: new URLSearchParams(fields).toString(),
  });

/** Runs `work` and returns the number of sessions that `work` added to the count. */
async function countedBy(work: () => Promise<unknown>): Promise<number> {
  // One more session follows `work`. When this session is counted, all sessions of `work` are counted too.
  const before = await countSessions(instance());
  await work();
  await instance().session(configuration);
  return (await countSessions(instance())) - before - 1;
}

describe('a link', () => {
  it('redirects to the target with its query string, and counts one session each time', async () => {
    const sessions = await countedBy(async () => {
      await Promise.all(
        Array.from({ length: 4 }, () => open(`/wat/${token}/a`, { headers: browserHeaders })),
      );
      const { status, headers, text } = await open(
        `/wat/${token}/dashboards/42?from=2026-01-01&tag=a%2Fb&tag=c`,
      );
      expect([status, text]).toEqual([303, '']);
      expect(headers.get('location')).toBe(`${target}/dashboards/42?from=2026-01-01&tag=a%2Fb&tag=c`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    });
    expect(sessions).toBe(5);
  });

  it('sets an HttpOnly cookie that lasts as long as the session', async () => {
    const { headers } = await open(`/wat/${token}/a`);
    const cookie = headers.getSetCookie().find((header) => header.startsWith('wat_session=')) ?? '';
    expect(cookie).toMatch(/^wat_session=wms1\.[\w.-]+; /);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).not.toMatch(/; (Secure|Domain|Partitioned)/);
    const lastsS = Number(/; Max-Age=(\d+)/.exec(cookie)?.[1]);
    expect(lastsS).toBeGreaterThan(8 * 3600 - 10);
    expect(lastsS).toBeLessThanOrEqual(8 * 3600);
    for (const part of token.split('.')) expect(cookie).not.toContain(part);
  });

  it('starts a session that forward-auth accepts, and whose first page load is not counted again', async () => {
    const pageLoad = async (cookie: string) => {
      const headers = { cookie, 'sec-fetch-mode': 'navigate' };
      const { status, headers: viewer } = await open('/api/v1/wat/session?count=navigations', { headers });
      expect([status, viewer.get('x-wat-subject')]).toEqual([204, 'alice']);
    };
    const sessions = await countedBy(async () => {
      const { headers } = await open(`/wat/${token}/a`, { headers: browserHeaders });
      const cookie = headers
        .getSetCookie()
        .map((header) => header.split(';')[0])
        .join('; ');
      await pageLoad(cookie);
      await pageLoad(cookie);
    });
    expect(sessions).toBe(2);
  });

  it('sets a Secure cookie when the proxy reports https', async () => {
    const { headers } = await open(`/wat/${token}/a`, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.getSetCookie().join()).toMatch(/^wat_session=[^;]+;.*; Secure/);
  });

  it('redirects to LINK_TARGET_URL if the link has no path', async () => {
    for (const path of ['', '/', '?a=1', '/?a=1']) {
      const { status, headers } = await open(`/wat/${token}${path}`);
      expect([status, headers.get('location')]).toEqual([303, `${target}/${path.replace('/', '')}`]);
    }
    expect((await post('/wat/', { wat: token })).headers.get('location')).toBe(`${target}/`);
  });

  it('accepts a token with white space around it', async () => {
    expect((await open(`/wat/%20${token}%0A/a`)).status).toBe(303);
  });

  it('is accepted as a request target in absolute form, as proxies send it', async () => {
    const answer = await sendRaw(
      instance().url,
      `GET http://wat.example/wat/${token}/a/b?c HTTP/1.1\r\nHost: wat.example\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
    expect(answer).toMatch(/^location: https:\/\/app\.example\/bi\/a\/b\?c\r$/im);
  });
});

describe('a long link', () => {
  it('with a token of 101 characters is validated, and the error does not contain the token', async () => {
    const long = 'a'.repeat(101);
    const { status, body, text } = await open(`/wat/${long}/a`);
    expect([status, body['code']]).toEqual([401, 'token_invalid']);
    expect(text).not.toContain('aaaa');
  });

  it('may have a token of 12 KiB in addition to the headers and cookies of a browser', async () => {
    const long = createTokenOfLength(configuration, 12_288);
    const headers = { ...browserHeaders, cookie: `app=${'c'.repeat(8000)}`, 'user-agent': 'u'.repeat(300) };
    const { status } = await open(`/wat/${long}/dashboards/${'d'.repeat(1000)}?x=${'q'.repeat(2000)}`, {
      headers,
    });
    expect(status).toBe(303);
  });

  it('beyond the size limits is rejected with a problem response that does not contain the token', async () => {
    const url = instance().url;
    const open = (chars: number, header = '') =>
      problemFromRaw(
        url,
        `GET /wat/${token}${'A'.repeat(chars)}/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${header}\r\n\r\n`,
      );
    const answers = [await open(16_384), await open(100, 'h'.repeat(17_000)), await open(40_000)];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [414, 'uri_too_long'],
      [431, 'headers_too_large'],
      [414, 'uri_too_long'],
    ]);
    for (const { head, body } of answers)
      expect(head + JSON.stringify(body)).not.toContain(token.slice(0, 30));
  });
});

describe('a link by POST', () => {
  it('accepts tokens beyond the length of a URL, counts one session and redirects to the target', async () => {
    const long = createTokenOfLength(configuration, 90_000);
    const sessions = await countedBy(async () => {
      const { status, headers } = await post('/wat/dashboards/42?x=1', { wat: long, other: 'ignored' });
      expect([status, headers.get('location')]).toEqual([303, `${target}/dashboards/42?x=1`]);
      expect(headers.getSetCookie().join()).toMatch(/^wat_session=/);
      expect(headers.get('cache-control')).toBe('no-store');
    });
    expect(sessions).toBe(1);
  });

  it('requires the field wat exactly once in a form', async () => {
    for (const fields of ['', 'x=1', 'WAT=a', `wat=${token}&wat=${token}`]) {
      const { status, body } = await open('/wat/a', { method: 'POST', headers: form, body: fields });
      expect([fields, status, body['code']]).toEqual([fields, 400, 'invalid_request']);
      expect(body['errors']).toEqual([{ path: '/wat', message: expect.any(String) }]);
    }
    expect((await open('/wat/a', { method: 'POST' })).status).toBe(400);
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const { status, body } = await open('/wat/a', {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ wat: token }),
      });
      expect([type, status, body['code']]).toEqual([type, 415, 'unsupported_media_type']);
    }
  });

  it('may have a body of at most 256 KiB', async () => {
    expect((await post('/wat/a', { wat: 'a'.repeat(256 * 1024 - 4) })).status).toBe(401);
    expect((await post('/wat/a', { wat: 'a'.repeat(256 * 1024 - 3) })).status).toBe(413);
  });

  it('uses the only route that accepts a form', async () => {
    const answer = await post('/api/v1/wat/sessionToken', { webAccessToken: token });
    expect([answer.status, answer.body['code']]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('a link path', () => {
  const escapes = [
    ...[
      '//evil.com',
      '%2F%2Fevil.com',
      '../admin',
      '..%2fadmin',
      '%2e%2e/admin',
      '.%2E/admin',
      './admin',
      'a/../../x',
    ],
    ...[
      '\\\\evil.com',
      '..\\admin',
      '%5c%5cevil.com',
      'a%5cb',
      'a//b',
      'a//',
      'a/./b',
      'a%00',
      'a%0d%0aX-A:b',
      '%252e%252e/x',
    ],
    ...['..;/admin', 'a#b', '%c0%ae%c0%ae/x'],
  ];

  const head = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`;

  it('that leaves the target is rejected with 400 before a session is counted', async () => {
    const type = `Content-Type: ${form['content-type']}\r\nContent-Length: ${`wat=${token}`.length}\r\n`;
    const sessions = await countedBy(async () => {
      for (const path of escapes) {
        const byGet = await problemFromRaw(instance().url, head(`GET /wat/${token}/${path}?x=1`));
        const byPost = await problemFromRaw(instance().url, `${head(`POST /wat/${path}`, type)}wat=${token}`);
        for (const { status, head: answered, body } of [byGet, byPost]) {
          expect([path, status, answered]).toEqual([
            path,
            400,
            expect.not.stringMatching(/location|set-cookie/i),
          ]);
          // If the path is not UTF-8, the router rejects the request earlier, with bad_request.
          expect(['link_path_invalid', 'bad_request']).toContain(body['code']);
          expect(answered + JSON.stringify(body)).not.toMatch(/evil|admin|eyJ/);
        }
      }
    });
    expect(sessions).toBe(0);
  });

  it.each(['@evil.com', '.evil.com', ':@evil.com', 'https:evil.com', 'evil.com'])(
    'that stays inside the target is accepted: %s',
    async (path) => {
      const answer = await sendRaw(
        instance().url,
        `GET /wat/${token}/${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      const [, location = ''] = /^location: (.*)\r$/im.exec(answer) ?? [];
      expect(location).toBe(`${target}/${path}`);
      expect(new URL(location).origin).toBe('https://app.example');
    },
  );

  it('is validated before the token', async () => {
    const { status, body } = await open('/wat/not-a-token/a%2Fb');
    expect([status, body['code']]).toEqual([400, 'link_path_invalid']);
  });
});

describe('a request that must not start a session by a link', () => {
  it('is rejected without counting a session (HEAD and other methods with 405, prefetch with 403)', async () => {
    const sessions = await countedBy(async () => {
      const head = await open(`/wat/${token}/a`, { method: 'HEAD' });
      expect([head.status, head.text]).toEqual([405, '']);
      expect(head.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST']);
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status, body, text } = await open(`/wat/${token}/a`, { method });
        expect([method, status, body['code']]).toEqual([method, 405, 'method_not_allowed']);
        expect(text).not.toContain(token);
      }
      for (const headers of [
        { 'sec-purpose': 'prefetch' },
        { 'sec-purpose': 'prefetch;prerender' },
        { 'sec-purpose': 'prefetch;anonymous-client-ip' },
        { purpose: 'prefetch' },
        { 'x-purpose': 'preview' },
        { 'x-moz': 'prefetch' },
      ] as Record<string, string>[]) {
        const byGet = await open(`/wat/${token}/a`, { headers });
        const byPost = await post('/wat/a', { wat: token }, headers);
        for (const { status, body, headers: answered } of [byGet, byPost]) {
          expect([headers, status, body['code']]).toEqual([headers, 403, 'prefetch_refused']);
          expect(answered.get('cache-control')).toBe('no-store');
          expect(answered.getSetCookie()).toEqual([]);
        }
      }
    });
    expect(sessions).toBe(0);
  });
});

describe('a rejected link', () => {
  const expired = () => mint(configuration, { sub: 'alice', exp: 1, trc: [`${Math.random()}`] });

  it('gets the same status and body as a rejected exchange', async () => {
    for (const bad of [
      'hello',
      token.slice(0, -4),
      await expired(),
      await mint(configuration, { sub: 'a', nbf: 1e11 }),
    ]) {
      const [link, posted, api] = [
        await open(`/wat/${bad}/a`),
        await post('/wat/a', { wat: bad }),
        await exchange(instance().url, bad),
      ];
      for (const answer of [link, posted]) {
        expect([answer.status, answer.text]).toEqual([401, api.text]);
        expect(answer.headers.get('www-authenticate')).toBe(api.headers.get('www-authenticate'));
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(answer.headers.get('vary')).toBe('Accept');
      }
    }
  });

  it('shows a browser one page per error code, which contains neither external resources nor parts of the request', async () => {
    const pages = [
      await open(`/wat/${await expired()}/a`, { headers: browserHeaders }),
      await open(`/wat/${await expired()}/b?x=secret-query`, { headers: browserHeaders }),
      await post('/wat/c', { wat: await expired() }, browserHeaders),
    ];
    expect(new Set(pages.map(({ text }) => text)).size).toBe(1);
    const [{ status, headers, text } = pages[0] as never] = pages;
    expect([status, headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('www-authenticate')).toMatch(/^WebAccessToken /);
    expect(text).toContain('This link has expired');
    expect(text).toContain('prefers-color-scheme:dark');
    expect(text).not.toMatch(/https?:|src=|href=|url\(|@import|<script|secret-query|eyJ/);
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(text) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it.each([
    ['/wat/hello/a', 401, 'token_invalid'],
    ['/wat/hello/a%2Fb', 400, 'link_path_invalid'],
    ['/wat/hello/%FF', 400, 'bad_request'],
  ])('shows a browser a page with the error code: %s', async (path, status, code) => {
    const answer = await open(path, { headers: browserHeaders });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.text).toContain(`<code>${code}</code>`);
    expect((await open(path)).body['code']).toBe(code);
  });

  it('is counted by reason in the list of refusals', async () => {
    const refusing = await instance().configuration('Refused links');
    const bad = await mint(refusing, { sub: 'alice', exp: 1 });
    for (const path of [`/wat/${bad}/a`, `/wat/${bad}/b`]) await open(path, { headers: browserHeaders });
    await post('/wat/a', { wat: bad });
    await expect
      .poll(async () => (await instance().get('/api/v1/refusals')).body['items'], { timeout: 3000 })
      .toContainEqual(
        expect.objectContaining({ configurationId: refusing.id, reason: 'expired', refusals: 3 }),
      );
  });

  it('counts towards the same rate limit per address as a rejected exchange, and valid links are not limited', async () => {
    const address = { 'x-forwarded-for': '203.0.113.7' };
    const api = () =>
      instance().call('POST', '/api/v1/wat/sessionToken', {
        headers: address,
        body: { webAccessToken: 'x' },
      });
    const statuses = await Promise.all([
      ...Array.from({ length: 50 }, async () => (await open('/wat/x/a', { headers: address })).status),
      ...Array.from({ length: 50 }, async () => (await api()).status),
    ]);
    expect(statuses).toEqual(Array(100).fill(401));
    const limited = await open('/wat/x/a', { headers: { ...address, ...browserHeaders } });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
    ]);
    expect(limited.text).toContain('Too many attempts');
    expect((await api()).status).toBe(429);
    expect((await post('/wat/a', { wat: 'x' }, address)).body['code']).toBe('rate_limited');
    expect((await open(`/wat/${token}/a`, { headers: address })).status).toBe(303);
    // A request that is rejected before its token is checked cannot be used to guess tokens, so it is not
    // rate-limited.
    expect((await open('/wat/x/a%2Fb', { headers: address })).status).toBe(400);
  });
});

describe('the request log', () => {
  it('has one line per link at level debug, without the token', async () => {
    await expect.poll(() => instance().app.output()).toContain('"route":"/wat/[token]/..."');
    expect(instance().app.output()).toContain('"route":"/wat/..."');
    for (const part of [token, ...token.split('.').slice(1)])
      expect(instance().app.output()).not.toContain(part);
    expect(instance().app.output()).not.toContain('dashboards/42');
  });
});
