import { beforeAll, describe, expect, it } from 'vitest';
import { addApiToken, useInstance } from '../../integration/http/support/instance.ts';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { adminToken } from '../../support/app-process.ts';

const metricsToken = 'a metrics token, with blanks in it';
const instance = useInstance({ TRUST_PROXY: 'true', METRICS_TOKEN: metricsToken });

let configuration: TestConfiguration;
let token: string;
beforeAll(async () => {
  configuration = await instance().configuration();
  token = await mint(configuration, { sub: 'alice' });
});

/** Returns the headers that a proxy adds for a client. */
const forwardedFor = (address: string) => ({ 'x-forwarded-for': address });

const exchangeFrom = (headers: Record<string, string>, webAccessToken: unknown = 'wrong') =>
  instance().call('POST', '/api/v1/wat/sessionToken', { headers, body: { webAccessToken } });

async function statuses(count: number, headers: Record<string, string>, webAccessToken?: unknown) {
  const answers = [];
  for (let sentCount = 0; sentCount < count; sentCount += 20) {
    const batch = Array.from({ length: Math.min(20, count - sentCount) }, () =>
      exchangeFrom(headers, webAccessToken),
    );
    answers.push(...(await Promise.all(batch)));
  }
  return answers.map(({ status }) => status);
}

describe('rejected exchanges', () => {
  it('return 429 after 100 refusals of one address within 10 seconds, and only for this address', async () => {
    const address = forwardedFor('203.0.113.7');
    expect(await statuses(100, address)).toEqual(Array(100).fill(401));
    const limited = await exchangeFrom(address);
    expect(limited.body).toEqual({
      type: 'urn:watmeter:problem:rate_limited',
      title: expect.any(String),
      detail: expect.any(String),
      status: 429,
      code: 'rate_limited',
    });
    const retryAfter = limited.headers.get('retry-after') ?? '';
    expect(retryAfter).toMatch(/^([1-9]|10)$/);
    expect(limited.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect((await exchangeFrom(forwardedFor('203.0.113.8'))).status).toBe(401);
    // With two proxies in a row, the first address belongs to the client.
    expect((await exchangeFrom(forwardedFor('203.0.113.7, 198.51.100.1'))).status).toBe(429);
  });

  it('do not limit successful exchanges of the same address', async () => {
    const address = forwardedFor('203.0.113.20');
    expect(await statuses(101, address)).toContain(429);
    expect(await statuses(20, address, token)).toEqual(Array(20).fill(200));
    expect((await exchangeFrom(address)).status).toBe(429);
  });

  it('are counted separately from successful exchanges and invalid requests, which are not limited', async () => {
    const address = forwardedFor('203.0.113.30');
    expect(await statuses(150, address, token)).toEqual(Array(150).fill(200));
    expect(await statuses(101, address, 7)).toEqual(Array(101).fill(400));
    expect((await exchangeFrom(address)).status).toBe(401);
  });

  it('are limited for IPv6 addresses and for expired tokens too', async () => {
    const expired = await mint(configuration, { sub: 'alice', exp: 1 });
    const address = forwardedFor('2001:db8::7');
    const answers = await statuses(101, address, expired);
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
  });

  it('are limited for loopback too, because TRUST_PROXY shows that a proxy may run on this machine', async () => {
    expect(await statuses(120, {})).toContain(429);
  });

  it('of one IPv6 /64 are limited together, and an invalid address counts as the peer', async () => {
    const rotated = await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        exchangeFrom(forwardedFor(`2001:db8:7:7::${index.toString(16)}`)),
      ),
    );
    expect(rotated.map(({ status }) => status)).toContain(429);
    const invalid = await Promise.all(
      Array.from({ length: 150 }, (_, index) => exchangeFrom(forwardedFor(`client-${index}`))),
    );
    expect(invalid.map(({ status }) => status)).toContain(429);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.0.0.1, 203.0.113.40'])(
    'are limited even if a header claims a loopback address: %s',
    async (address) => {
      expect(
        (await statuses(101, forwardedFor(address))).filter((status) => status === 429).length,
      ).toBeGreaterThan(0);
    },
  );
});

describe('GET /health/ready', () => {
  it('is public, and shows details only to API tokens with the scope ops', async () => {
    const live = await instance().get('/health/live', {});
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);

    expect((await instance().get('/health/ready', {})).body).toEqual({ status: 'ready' });
    const operator = await addApiToken(instance(), { scopes: ['ops'] });
    const local = await instance().get('/health/ready', operator.headers);
    expect(local.status).toBe(200);
    expect(local.headers.get('cache-control')).toBe('no-store');
    expect(local.body).toMatchObject({
      status: 'ready',
      parts: expect.any(Array),
      tzdata: expect.any(String),
    });
    expect(local.body['parts']).toEqual([
      { name: 'journal', trouble: null, since: null },
      { name: 'clock', trouble: null, since: null },
      { name: 'control store', trouble: null, since: null },
      { name: 'sink', trouble: null, since: null },
      { name: 'event table', trouble: null, since: null },
    ]);
    const remote = forwardedFor('203.0.113.50');
    const other = await addApiToken(instance(), { scopes: ['usage:read', 'tokens:read', 'admin'] });
    for (const headers of [
      remote,
      forwardedFor('127.0.0.1'),
      { ...remote, ...other.headers },
      { ...remote, authorization: 'Bearer x' },
    ]) {
      const { status, body } = await instance().get('/health/ready', headers);
      expect([status, body]).toEqual([200, { status: 'ready' }]);
    }
    expect((await instance().get('/health/ready', { ...remote, ...operator.headers })).body).toEqual(
      local.body,
    );
  });
});

describe('GET /metrics', () => {
  it('is accessible only with the metrics token if there is one', async () => {
    expect((await instance().get('/metrics', {})).status).toBe(403);
    const local = await instance().get('/metrics', { authorization: `Bearer ${metricsToken}` });
    expect(local.status).toBe(200);
    expect(local.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(local.text).toMatch(/^watmeter_exchanges_total\{outcome="accepted"\} \d+$/m);
    expect(local.text).toMatch(/^watmeter_exchanges_total\{outcome="malformed"\} \d+$/m);
    expect(local.text).toMatch(/^watmeter_exchanges_total\{outcome="expired"\} \d+$/m);

    const remote = forwardedFor('203.0.113.60');
    expect(
      (await instance().get('/metrics', { ...remote, authorization: `Bearer ${metricsToken}` })).status,
    ).toBe(200);
    for (const headers of [
      remote,
      forwardedFor('127.0.0.1'),
      forwardedFor('::1'),
      { ...remote, authorization: 'Bearer wrong' },
      { ...remote, authorization: `Bearer ${adminToken}` },
      { ...remote, authorization: metricsToken },
    ]) {
      const refused = await instance().get('/metrics', headers);
      expect([refused.status, refused.body['code']]).toEqual([403, 'metrics_not_allowed']);
    }
  });
});

describe('a dashboard behind a proxy that terminates TLS', () => {
  const forwarded = {
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'usage.example',
    ...forwardedFor('203.0.113.70'),
  };

  it('gets a Secure cookie, and can write from the origin that the browser sees', async () => {
    const body = { token: adminToken };
    const origin = 'https://usage.example';
    const signedIn = await instance().call('POST', '/api/v1/ui/session', {
      headers: { ...forwarded, origin },
      body,
    });
    expect(signedIn.status).toBe(201);
    expect(signedIn.headers.get('set-cookie')).toMatch(/; Secure/);
    const direct = { ...forwarded, origin: instance().url };
    expect((await instance().call('POST', '/api/v1/ui/session', { headers: direct, body })).status).toBe(403);
  });
});
