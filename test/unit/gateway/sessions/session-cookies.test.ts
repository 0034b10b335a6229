import { describe, expect, it } from 'vitest';
import {
  createSessionCookies,
  type SessionCookiesConfig,
} from '../../../../src/gateway/sessions/session-cookies.ts';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const nowMs = Date.UTC(2026, 10, 21);

/** Returns the Set-Cookie headers for a session and its link entry. */
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

describe('createSessionCookies', () => {
  it('sets HttpOnly cookies for all paths of the host, and the session cookie expires with the session', async () => {
    const [session, mark] = await cookiesWith({});
    expect(session).toBe('wat_session=wms1.a.b; Max-Age=90; Path=/; HttpOnly; SameSite=Lax');
    expect(mark).toMatch(/^wat_entry_1=mark; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('marks cookies as Secure if PUBLIC_URL or a header from a trusted proxy shows that browsers use HTTPS', async () => {
    const forwarded = { 'x-forwarded-proto': 'https' };
    expect(
      (await cookiesWith({ publicUrl: 'https://a.example' })).every((cookie) => /; Secure/.test(cookie)),
    ).toBe(true);
    expect(
      (await cookiesWith({}, { trustProxy: true, headers: forwarded })).every((cookie) =>
        /; Secure/.test(cookie),
      ),
    ).toBe(true);
    expect((await cookiesWith({}, { headers: forwarded })).some((cookie) => /Secure/.test(cookie))).toBe(
      false,
    );
    const plain = { publicUrl: 'http://a.example' };
    expect(
      (await cookiesWith(plain, { trustProxy: true, headers: forwarded })).some((cookie) =>
        /Secure/.test(cookie),
      ),
    ).toBe(false);
  });

  it('marks cookies with SameSite=None as Partitioned and Secure', async () => {
    for (const cookie of await cookiesWith({ sameSite: 'none' })) {
      expect(cookie).toMatch(/; SameSite=None/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; Partitioned/);
    }
    for (const cookie of await cookiesWith({ sameSite: 'strict' }))
      expect(cookie).toMatch(/SameSite=Strict$/);
  });

  it('sets a domain only if COOKIE_DOMAIN is set', async () => {
    for (const cookie of await cookiesWith({ domain: 'example.com' }))
      expect(cookie).toMatch(/; Domain=example\.com/);
    for (const cookie of await cookiesWith({})) expect(cookie).not.toMatch(/Domain/);
  });
});
