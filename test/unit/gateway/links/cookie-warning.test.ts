import { describe, expect, it } from 'vitest';
import { createCookieWarning } from '../../../../src/gateway/links/cookie-warning.ts';
import { handOffByCookie } from '../../../../src/gateway/links/link-hand-off.ts';
import { createSessionCookies } from '../../../../src/gateway/sessions/session-cookies.ts';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

interface Settings {
  readonly publicUrl?: string;
  readonly cookieDomain?: string;
  readonly linkTargetUrl: string;
}

/** Returns the warnings at startup and after links on `linkHosts` were opened. */
function warningsOf({ publicUrl, cookieDomain, linkTargetUrl }: Settings, linkHosts: readonly string[]) {
  const warnings: string[] = [];
  const logger = { warn: (text: string) => warnings.push(text) };
  const warnOfLostCookie = createCookieWarning({ publicUrl, cookieDomain, linkTargetUrl }, logger);
  const atStartup = warnings.length;
  for (const host of linkHosts) warnOfLostCookie(host);
  return { atStartup, afterLinks: warnings.length - atStartup, warnings };
}

describe('createCookieWarning', () => {
  it('does not warn if PUBLIC_URL is the address of the dashboard and links are on the host of the application', () => {
    const settings = { publicUrl: 'https://usage.example', linkTargetUrl: 'https://app.example/bi' };
    expect(warningsOf(settings, ['app.example', 'app.example'])).toMatchObject({ warnings: [] });
  });

  it('warns once about the first link on the host of PUBLIC_URL if the application is on another host', () => {
    for (const linkTargetUrl of ['https://app.example', 'https://app.wat.example']) {
      const { atStartup, warnings } = warningsOf({ publicUrl: 'https://wat.example', linkTargetUrl }, [
        'app.example',
        'wat.example',
        'wat.example',
      ]);
      expect(atStartup).toBe(0);
      expect(warnings).toEqual([
        expect.stringMatching(/LINK_TARGET_URL.* set COOKIE_DOMAIN, or LINK_HANDOFF=code/),
      ]);
    }
  });

  it('does not warn if the application is on the host of PUBLIC_URL, on any port', () => {
    const settings = { publicUrl: 'https://wat.example', linkTargetUrl: 'https://wat.example:8443/bi' };
    expect(warningsOf(settings, ['wat.example'])).toMatchObject({ warnings: [] });
  });

  it('does not warn without PUBLIC_URL, because a proxy may not forward the host of the link', () => {
    expect(warningsOf({ linkTargetUrl: 'https://app.example' }, ['127.0.0.1'])).toMatchObject({
      warnings: [],
    });
  });

  it.each([
    ['bi.example', 'https://app.bi.example', 0],
    ['bi.example', 'https://bi.example', 0],
    ['bi.example', 'https://evilbi.example', 1],
    ['bi.example', 'https://app.example', 1],
  ])(
    'with COOKIE_DOMAIN %s and the application at %s logs %i warnings at startup',
    (cookieDomain, linkTargetUrl, count) => {
      for (const publicUrl of [{}, { publicUrl: 'https://wat.bi.example' }])
        expect(warningsOf({ ...publicUrl, cookieDomain, linkTargetUrl }, ['wat.bi.example'])).toMatchObject({
          atStartup: count,
          afterLinks: 0,
        });
    },
  );
});

it('a hand-off by cookie passes the host of the request to the cookie warning', async () => {
  const hosts: string[] = [];
  const handOff = handOffByCookie({
    cookies: createSessionCookies({ sameSite: 'lax', domain: undefined, publicUrl: undefined }, () => 0),
    entryCookies: { create: () => ({ name: 'wat_entry_1', value: '1' }), read: () => undefined } as never,
    warnOfLostCookie: (host) => hosts.push(host),
  });
  const server = await createHttpServer({ trustProxy: false }, createLogger({ logLevel: 'silent' }));
  server.get('/', { config: { access: 'public' } }, async (_request, reply) =>
    handOff('https://app.example').finish(
      { sessionId: '1', webSessionToken: 'wms1.a.b', expiresAtMs: 1 } as never,
      reply,
    ),
  );
  await server.inject({ url: '/', headers: { host: 'usage.example:8080' } });
  await server.close();
  expect(hosts).toEqual(['usage.example']);
});
