import { describe, expect, it } from 'vitest';
import {
  canCookieReach,
  createSessionCookies,
  type SessionCookiesConfig,
} from '../../../../src/gateway/sessions/session-cookies.ts';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const nowMs = Date.UTC(2026, 10, 21);

/** The Set-Cookie headers of a hand-off. */
async function cookiesWith(
  config: Partial<SessionCookiesConfig>,
  options: { trustProxy?: boolean; headers?: Record<string, string> } = {},
): Promise<string[]> {
  const { trustProxy = false, headers = {} } = options;
  const server = await createHttpServer({ trustProxy }, createLogger({ logLevel: 'silent' }));
  const cookies = createSessionCookies(
    { sameSite: 'lax', domain: undefined, publicUrl: undefined, ...config },
    () => nowMs,
  );
  server.get('/', { config: { access: 'public' } }, async (_request, reply) => {
    cookies.setSession(reply, { webSessionToken: 'wms1.a.b', expiresAtMs: nowMs + 90_500 });
    cookies.setEntryCookie(reply, { name: 'wat_entry_1', value: 'mark' });
    return '';
  });
  const answer = await server.inject({ url: '/', headers });
  await server.close();
  return [answer.headers['set-cookie'] ?? []].flat();
}

describe('the cookie of a session', () => {
  it('is for this host, all of it, and no script; it ends with the session', async () => {
    const [session, mark] = await cookiesWith({});
    expect(session).toBe('wat_session=wms1.a.b; Max-Age=90; Path=/; HttpOnly; SameSite=Lax');
    expect(mark).toMatch(/^wat_entry_1=mark; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('is Secure where browsers come over https, by a setting or as a trusted proxy says', async () => {
    const forwarded = { 'x-forwarded-proto': 'https' };
    expect((await cookiesWith({ publicUrl: 'https://a.example' })).every((one) => /; Secure/.test(one))).toBe(
      true,
    );
    expect(
      (await cookiesWith({}, { trustProxy: true, headers: forwarded })).every((one) => /; Secure/.test(one)),
    ).toBe(true);
    expect((await cookiesWith({}, { headers: forwarded })).some((one) => /Secure/.test(one))).toBe(false);
    const plain = { publicUrl: 'http://a.example' };
    expect(
      (await cookiesWith(plain, { trustProxy: true, headers: forwarded })).some((one) => /Secure/.test(one)),
    ).toBe(false);
  });

  it('for frames of other sites is Partitioned and Secure, whatever else is known', async () => {
    for (const one of await cookiesWith({ sameSite: 'none' })) {
      expect(one).toMatch(/; SameSite=None/);
      expect(one).toMatch(/; Secure/);
      expect(one).toMatch(/; Partitioned/);
    }
    for (const one of await cookiesWith({ sameSite: 'strict' })) expect(one).toMatch(/SameSite=Strict$/);
  });

  it('goes to other hosts of a domain only if a setting says so', async () => {
    for (const one of await cookiesWith({ domain: 'example.com' }))
      expect(one).toMatch(/; Domain=example\.com/);
    for (const one of await cookiesWith({})) expect(one).not.toMatch(/Domain/);
  });
});

describe('the application', () => {
  it.each([
    ['https://wat.example', undefined, 'https://wat.example:8443/bi', true],
    ['https://wat.example', undefined, 'https://app.example', false],
    ['https://wat.example', undefined, 'https://app.wat.example', false],
    ['https://wat.bi.example', 'bi.example', 'https://app.bi.example', true],
    ['https://wat.bi.example', 'bi.example', 'https://bi.example', true],
    ['https://wat.bi.example', 'bi.example', 'https://evilbi.example', false],
    [undefined, undefined, 'https://app.example', true],
    [undefined, 'bi.example', 'https://app.example', false],
  ])('of %s with the domain %s gets the cookie at %s: %s', (publicUrl, domain, target, expected) => {
    expect(canCookieReach({ publicUrl, domain }, target)).toBe(expected);
  });
});
