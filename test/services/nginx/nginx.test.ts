import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { countSessions, createTokenOfLength, visit } from '../../integration/http/support/links.ts';
import { sendRaw } from '../../integration/http/support/raw-http.ts';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { freePort } from '../../support/app-process.ts';
import { describeServices } from '../../support/services/need.ts';
import { headersMore, type NginxServer, startNginx } from '../../support/services/nginx.ts';
import { startApplication } from './application.ts';
import { createBrowser, type TestBrowser } from './browser.ts';
import { readExample } from './examples.ts';

const adaptExample = (replacements: Readonly<Record<string, string>>) =>
  readExample('watmeter.conf', replacements);

const names = [
  ...[
    'Subject',
    'Configuration',
    'Organisation',
    'Session',
    'Language',
    'Locale',
    'Theme',
    'Grants',
    'Assertion',
  ],
  ...['Renewed-Token', 'Renewed-Expires'],
].map((name) => `X-WAT-${name}`);
const claims = { sub: 'Zoë & Ann', lng: 'de-DE', grants: { res: ['dashboards/42'], prm: ['filter'] } };

describeServices('nginx in front of an application', ['nginx'], () => {
  const ports = { proxy: 0, application: 0 };
  const env: Record<string, string> = { TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'trace' };
  // The port is chosen before the process starts, because LINK_TARGET_URL contains it.
  const origin = () => `http://127.0.0.1:${ports.proxy}`;
  beforeAll(async () => {
    ports.proxy = await freePort();
    ports.application = await freePort();
    env['LINK_TARGET_URL'] = `${origin()}/app`;
  });
  const instance = useInstance(env);
  let nginx: NginxServer;
  let application: Awaited<ReturnType<typeof startApplication>>;
  let configuration: TestConfiguration;
  let token: string;

  const replacementsFor = (port: number) => ({
    '127.0.0.1:8080': new URL(instance().url).host,
    '127.0.0.1:3000': `127.0.0.1:${ports.application}`,
    'listen 80;': `listen 127.0.0.1:${port};`,
    '/var/log/nginx': '{logs}',
  });

  beforeAll(async () => {
    application = await startApplication(ports.application);
    nginx = await startNginx({ http: adaptExample(replacementsFor(ports.proxy)), port: ports.proxy });
    configuration = await instance().configuration('Behind nginx');
    token = await mint(configuration, claims);
    await instance().session(configuration);
  });
  afterAll(async () => {
    await nginx?.stop();
    await application?.stop();
  });

  /** Returns a browser that has followed the link. */
  async function openLink(): Promise<TestBrowser> {
    const browser = createBrowser(origin());
    expect((await browser.navigate(`/wat/${token}/dashboards/42`)).status).toBe(200);
    return browser;
  }

  /** Runs `work` and returns the number of sessions that `work` added to the count. */
  async function countedBy(work: () => Promise<unknown>): Promise<number> {
    const before = await countSessions(instance());
    await work();
    // One more session follows `work`. When this session is counted, all sessions of `work` are counted too.
    await instance().session(configuration);
    return (await countSessions(instance())) - before - 1;
  }

  describe('the application behind nginx', () => {
    it('receives the viewer in headers and in a signed assertion', async () => {
      await openLink();
      const { url, headers } = application.last();
      expect(url).toBe('/app/dashboards/42');
      expect(headers).toMatchObject({
        'x-wat-subject': encodeURIComponent(claims.sub),
        'x-wat-configuration': configuration.id,
        'x-wat-organisation': 'default',
        'x-wat-session': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'x-wat-language': 'de-DE',
        host: '127.0.0.1',
        'x-forwarded-for': '127.0.0.1',
      });
      expect(JSON.parse(Buffer.from(String(headers['x-wat-grants']), 'base64url').toString())).toEqual(
        claims.grants,
      );
      const [head = '', body = '', signature = ''] = String(headers['x-wat-assertion']).split('.');
      const { keys } = (await instance().get('/.well-known/jwks.json', {})).body as { keys: never[] };
      const key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
      expect(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(
        true,
      );
    });

    it('never receives a viewer header from the client, in any spelling', async () => {
      const browser = await openLink();
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const spellings = (name: string) => [
        ...[name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_'), name.replace('-', '_')],
        ...[name.replace('X-WAT', 'x-WaT'), name.replaceAll('-', '.'), name, name],
      ];
      const forged = names.flatMap((name) => spellings(name).map((spelling) => `${spelling}: forged-7f3a`));
      const lines = ['GET /app/x HTTP/1.1', 'Host: app.example', `Cookie: ${cookie}`, ...forged];
      const hop = `Connection: close, ${names.join(', ')}`;
      const answer = await sendRaw(origin(), `${lines.join('\r\n')}\r\n${hop}\r\n\r\n`, 3000);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      const blank = `${lines.slice(0, 3).join('\r\n')}\r\nX-WAT-Subject : forged-7f3a\r\n\r\n`;
      expect(await sendRaw(origin(), blank, 3000)).toMatch(/^HTTP\/1\.1 400 /);
      const { rawHeaders } = application.last();
      expect(rawHeaders.join('\n')).not.toContain('forged-7f3a');
      const receivedNames = rawHeaders
        .filter((_, index) => index % 2 === 0)
        .map((name) => name.toLowerCase().replace(/[_.]/g, '-'));
      // Each header occurs at most once. This session has no theme and locale.
      expect(receivedNames.filter((name) => name.startsWith('x-wat-')).sort()).toEqual(
        ['assertion', 'configuration', 'grants', 'language', 'organisation', 'session', 'subject'].map(
          (name) => `x-wat-${name}`,
        ),
      );
    });

    it('does not receive X-WAT headers of the client if the headers-more line of the example is enabled', async () => {
      const browser = await openLink();
      const port = await freePort();
      const line = '# more_clear_input_headers "X-WAT-*";';
      const http = adaptExample({ ...replacementsFor(port), [line]: line.slice(2) });
      const other = await startNginx({ http, port, modules: [headersMore] });
      try {
        const cookie = `wat_session=${browser.cookies.get('wat_session')}`;
        const headers = {
          cookie,
          'X-WAT-Admin': 'forged-7f3a',
          'x-wat-subject': 'forged-7f3a',
          'X-Wat-': 'forged-7f3a',
        };
        expect((await visit(`http://127.0.0.1:${port}`, '/app/x', { headers })).status).toBe(200);
      } finally {
        await other.stop();
      }
      expect(application.last().rawHeaders.join('\n')).not.toContain('forged-7f3a');
      expect(application.last().headers['x-wat-subject']).toBe(encodeURIComponent(claims.sub));
    });

    it('receives the Authorization header of the client if the Authorization line of the example is enabled', async () => {
      const browser = await openLink();
      const headers = {
        cookie: `wat_session=${browser.cookies.get('wat_session')}`,
        authorization: 'Basic YTpi',
      };
      expect((await visit(origin(), '/app/x', { headers })).status).toBe(401);
      const port = await freePort();
      const line = '# proxy_set_header Authorization "";';
      const other = await startNginx({
        http: adaptExample({ ...replacementsFor(port), [line]: line.slice(2) }),
        port,
      });
      try {
        expect((await visit(`http://127.0.0.1:${port}`, '/app/x', { headers })).status).toBe(200);
      } finally {
        await other.stop();
      }
      expect(application.last().headers.authorization).toBe('Basic YTpi');
    });

    it('receives grants of up to 4 KiB, and "ref" instead of larger grants', async () => {
      for (const [count, expected] of [
        [1600, /^[\w-]{2000,4096}$/],
        [4000, /^ref$/],
      ] as const) {
        const grants = { res: [`dashboards/${'x'.repeat(count)}`] };
        const browser = createBrowser(origin());
        const large = await mint(configuration, { sub: 'alice', grants });
        expect((await browser.navigate(`/wat/${large}/a`)).status).toBe(200);
        expect(application.last().headers['x-wat-grants']).toMatch(expected);
      }
    });

    it('does not receive requests without a session', async () => {
      const before = application.requests.length;
      for (const cookies of [
        [],
        [['wat_session', 'hello']],
        [['wat_session', 'wms1.session-token-1.AAAA']],
      ] as [string, string][][]) {
        const browser = createBrowser(origin());
        for (const [name, value] of cookies) browser.cookies.set(name, value);
        expect((await browser.navigate('/app/dashboards/42')).status).toBe(401);
        expect((await browser.fetch('/app/api/data', 'cors', { method: 'POST', body: '{}' })).status).toBe(
          401,
        );
      }
      expect((await visit(origin(), '/_watmeter')).status).toBe(404);
      expect(application.requests.length).toBe(before);
    });
  });

  describe('the session count', () => {
    it('is 1 for an opened link', async () => {
      expect(await countedBy(openLink)).toBe(1);
    });

    it('is 1 for each page reload and each further page', async () => {
      const browser = await openLink();
      const pages = async () => {
        await browser.navigate('/app/dashboards/42');
        await browser.navigate('/app/dashboards/42');
        await browser.navigate('/app/dashboards/43?x=1');
      };
      expect(await countedBy(pages)).toBe(3);
    });

    it('is 5 for five tabs, opened one after another or concurrently', async () => {
      const browser = createBrowser(origin());
      const tab = () => browser.navigate(`/wat/${token}/dashboards/42`);
      const oneAfterAnother = async () => {
        for (let index = 0; index < 5; index += 1) expect((await tab()).status).toBe(200);
      };
      expect(await countedBy(oneAfterAnother)).toBe(5);
      expect(await countedBy(() => Promise.all(Array.from({ length: 5 }, tab)))).toBe(5);
    });

    it('is 1 for each load of a page that embeds the link', async () => {
      const browser = createBrowser(origin());
      const frame = () => browser.navigate(`/wat/${token}/dashboards/42`, 'iframe');
      for (let index = 0; index < 3; index += 1) expect(await countedBy(frame)).toBe(1);
    });

    it('is 0 for subresource requests of a page (assets, data, filters and exports)', async () => {
      const browser = await openLink();
      const work = async () => {
        for (const [path, mode, options] of [
          ['/app/main.js', 'no-cors'],
          ['/app/font.woff2', 'cors'],
          ['/app/api/data?filter=a', 'cors'],
          ['/app/api/filter', 'same-origin', { method: 'POST', body: '{"filter":1}' }],
          ['/app/export.csv', 'cors'],
          ['/app/socket', 'websocket'],
        ] as const)
          expect((await browser.fetch(path, mode, options)).status).toBe(200);
        // Clients other than browsers send no Sec-Fetch-Mode header.
        const cookie = `wat_session=${browser.cookies.get('wat_session')}`;
        expect((await visit(origin(), '/app/export.xlsx', { headers: { cookie } })).status).toBe(200);
      };
      expect(await countedBy(work)).toBe(0);
    });

    it('is 0 for requests that must not start a session (HEAD, prefetch, an invalid path)', async () => {
      const work = async () => {
        expect((await visit(origin(), `/wat/${token}/a`, { method: 'HEAD' })).status).toBe(405);
        expect(
          (await visit(origin(), `/wat/${token}/a`, { headers: { 'sec-purpose': 'prefetch' } })).status,
        ).toBe(403);
        for (const path of ['//evil.com', '%2F%2Fevil.com', '%2e%2e%2fadmin', '..;/admin', '%5cevil.com'])
          expect((await visit(origin(), `/wat/${token}/${path}`)).status).toBe(400);
      };
      expect(await countedBy(work)).toBe(0);
    });
  });

  describe('a long link', () => {
    it('works with a token of 12 KiB, also with session cookies', async () => {
      const browser = await openLink();
      const long = createTokenOfLength(configuration, 12_288);
      expect((await browser.navigate(`/wat/${long}/dashboards/42?x=${'q'.repeat(1000)}`)).status).toBe(200);
      expect((await browser.navigate(`/wat/${long}/dashboards/42`)).status).toBe(200);
    });

    it('works by POST if its token is longer', async () => {
      const body = new URLSearchParams({ wat: createTokenOfLength(configuration, 90_000) }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const { status, headers: answered } = await visit(origin(), '/wat/dashboards/42?x=1', {
        method: 'POST',
        headers,
        body,
      });
      expect([status, answered.get('location')]).toEqual([303, `${origin()}/app/dashboards/42?x=1`]);
      const cookie = answered
        .getSetCookie()
        .map((header) => header.split(';')[0])
        .join('; ');
      expect((await visit(origin(), '/app/dashboards/42', { headers: { cookie } })).status).toBe(200);
      expect(application.last().headers['x-wat-grants']).toBe('ref');
    });
  });

  // This block must be the last one, because it stops watmeter.
  describe('the logs of nginx and watmeter', () => {
    it('contain no tokens and no codes, even while watmeter is down', async () => {
      const forms = [
        ...[
          `/wat/${token}/a?x=1`,
          `/wat/${token}`,
          `//wat/${token}/a`,
          `/%77at/${token}/a`,
          `/wat/${token}/../../wat/${token}`,
        ],
        ...[
          `/wat/${token}/%zz`,
          `/x/../wat/${token}/a`,
          `/wat/${token}${'A'.repeat(40_000)}/a`,
          '/app/a?b=c&wat_code=code-marker-7f3a',
          '/app/plain?x=1',
        ],
      ];
      const sendAllForms = async () => {
        for (const form of forms)
          await sendRaw(origin(), `GET ${form} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 2000);
        await sendRaw(
          origin(),
          `GET ${origin()}/wat/${token}/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
          2000,
        );
      };
      await sendAllForms();
      await instance().app.stop('SIGKILL');
      expect((await visit(origin(), `/wat/${token}/a`)).status).toBe(502);
      await sendAllForms();
      const [access, errors] = [
        nginx.log('application.log'),
        nginx.log('application-error.log') + nginx.log('error.log'),
      ];
      expect(access).toContain('"GET /wat/[token]/..." 303');
      expect(access).toContain('"GET /wat/[token]/..." 502');
      expect(access).toContain('"GET /app/a?[code]" 401');
      expect(access).toContain('"GET /app/plain?x=1" 401');
      expect(errors).toContain('connect() failed');
      const lines = [access, errors, instance().app.output()].join('\n').split('\n');
      const parts = token.split('.').slice(1);
      expect(lines.filter((line) => parts.some((part) => line.includes(part)))).toEqual([]);
      expect(access).not.toContain('code-marker-7f3a');
    });
  });
});
