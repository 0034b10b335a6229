import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { mint, type TestConfiguration } from '../../support/api.ts';
import { freePort } from '../../support/app-process.ts';
import { startChromium } from '../../support/browser/chromium.ts';
import { describeServices } from '../../support/services/need.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import {
  type Answer,
  type ClientPage,
  clientPageHtml,
  readBuiltClient,
  startWebServer,
  type WebServer,
} from './client-page.ts';

const appPort = await freePort();

describeServices('the browser client in Chromium', ['chromium'], () => {
  const instance = useInstance({ ALLOWED_ORIGINS: `http://127.0.0.1:${appPort}` });
  let configuration: TestConfiguration;
  let chromium: Browser;
  let app: WebServer;
  let stranger: WebServer;
  let page: Page;
  let claims: () => Record<string, unknown>;

  /** As an application does it that stands behind the gateway: who has no session gets 401. */
  async function isInSession(headers: Record<string, unknown>): Promise<boolean> {
    const { authorization = '', initialiser = '' } = headers as Record<string, string>;
    const shown = { authorization, initialiser };
    return (await instance().get('/api/v1/wat/session/claims', shown)).status === 200;
  }

  const answerAsApplication: Answer = async ({ path, headers, body }, response) => {
    if (path === '/client.js') response.setHeader('content-type', 'text/javascript').write(readBuiltClient());
    else if (path === '/wat') response.write(await mint(configuration, claims()));
    else if (path === '/refused') response.statusCode = 401;
    else if (path === '/away') response.writeHead(302, { location: `${stranger.origin}/landed` });
    else if (path.startsWith('/data')) {
      response.statusCode = (await isInSession(headers)) ? 200 : 401;
      response.write(body);
    } else response.setHeader('content-type', 'text/html').write(clientPageHtml(instance().url));
  };
  const answerAsStranger: Answer = (_request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, initialiser, x-own');
    response.write('hello');
  };

  beforeAll(async () => {
    configuration = await instance().configuration('Embedded');
    app = await startWebServer(appPort, answerAsApplication);
    stranger = await startWebServer(0, answerAsStranger);
    chromium = await startChromium();
  });
  afterAll(async () => {
    await chromium?.close();
    for (const server of [app, stranger]) server?.close();
  });
  beforeEach(async () => {
    claims = () => ({ sub: 'mallory-in-chromium', iat: Date.now() / 1000, trc: ['browser'] });
    page = await chromium.newPage();
    await page.goto(`${app.origin}/`);
    app.received.length = 0;
    stranger.received.length = 0;
  });

  const sentTo = (path: string) => app.received.filter((one) => one.path === path);
  async function counted(): Promise<number> {
    await instance().settled();
    return Number((await instance().get('/api/v1/usage/summary')).body['total']);
  }
  const endSessions = () =>
    instance().call('POST', '/api/v1/auth/token/revoke', {
      body: { configurationId: configuration.id, sub: 'mallory-in-chromium', endSessions: true },
    });
  /** Fetches and answers the status and the body, in the page. */
  const get = (path: string) =>
    page.evaluate(async (url) => {
      const response = await (globalThis as unknown as ClientPage).client.fetch(url);
      return [response.status, await response.text()];
    }, path);

  it('asks for one token and makes one session, however many requests begin together', async () => {
    const before = await page.evaluate(() => (globalThis as unknown as ClientPage).asked);
    const statuses = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const requests = Array.from({ length: 30 }, (_, index) => client.fetch(`/data/${index}`));
      return (await Promise.all(requests)).map(({ status }) => status);
    });
    expect(before).toBe(0);
    expect(statuses).toEqual(Array(30).fill(200));
    expect(sentTo('/wat')).toHaveLength(1);
    const shown = app.received.filter(({ path }) => path.startsWith('/data'));
    expect(new Set(shown.map(({ headers }) => headers['initialiser'])).size).toBe(1);
    for (const { headers } of shown) expect(headers['authorization']).toMatch(/^Bearer \S{100,}$/);
    expect(await counted()).toBe(1);
  });

  it('tells who the viewer is, and keeps what a request has of its own', async () => {
    const subject = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      await client.fetch(
        new Request('/data/own', { method: 'POST', body: 'told', headers: { 'x-own': '1' } }),
      );
      return (await client.claims()).subject;
    });
    expect(subject).toBe('mallory-in-chromium');
    expect(sentTo('/data/own')).toEqual([
      expect.objectContaining({
        method: 'POST',
        body: 'told',
        headers: expect.objectContaining({ 'x-own': '1' }),
      }),
    ]);
  });

  it('gives the session to no other origin, not even by a redirect', async () => {
    const other = stranger.origin;
    const [text, followed] = await page.evaluate(async (url) => {
      const { client } = globalThis as unknown as ClientPage;
      await client.session();
      const answer = await client.fetch(`${url}/direct`, { headers: { 'x-own': '1' } });
      const redirected = await client.fetch('/away').then(
        () => 'followed',
        () => 'refused',
      );
      return [await answer.text(), redirected];
    }, other);
    expect([text, followed]).toEqual(['hello', 'refused']);
    const direct = stranger.received.filter(({ method }) => method === 'GET');
    expect(direct.map(({ path }) => path)).toEqual(['/direct']);
    for (const { headers } of stranger.received) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('initialiser');
      expect(headers['access-control-request-headers'] ?? '').not.toMatch(/authorization|initialiser/);
    }
  });

  it('renews before the end, and does not count that', async () => {
    await get('/data/before');
    const before = await counted();
    const [first, second, third] = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const tokenNow = async () => (await client.session()).webSessionToken;
      const one = await tokenNow();
      const { now } = Date;
      // Five of the eight hours of SESSION_TTL.
      Date.now = () => now() + 5 * 3_600_000;
      const two = await tokenNow();
      for (let tries = 0; tries < 100 && (await tokenNow()) === one; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return [one, two, await tokenNow()];
    });
    // The one that is still good serves until the new one is there.
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await get('/data/after')).toEqual([200, '']);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await counted()).toBe(before);
  });

  it('does not make sessions because the clock of the computer is wrong', async () => {
    await get('/data/before');
    const before = await counted();
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 365 * 86_400_000;
    });
    for (let index = 0; index < 3; index += 1) expect((await get(`/data/${index}`))[0]).toBe(200);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await counted()).toBe(before);
  });

  it('asks for a token again when the session has ended, and repeats what was refused, once', async () => {
    await get('/data/first');
    const before = await counted();
    await endSessions();
    const statuses = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const bodies = ['text', new URLSearchParams({ a: '1' }), new Blob(['blob']), new Uint8Array([65, 66])];
      const posts = bodies.map((body) => client.fetch('/data/again', { method: 'POST', body }));
      return (await Promise.all(posts)).map(({ status }) => status);
    });
    expect(statuses).toEqual([200, 200, 200, 200]);
    const bodies = sentTo('/data/again').map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(['AB', 'AB', 'a=1', 'a=1', 'blob', 'blob', 'text', 'text']);
    expect(sentTo('/wat')).toHaveLength(2);
    expect(await counted()).toBe(before + 1);
  });

  it('does not repeat what cannot be sent twice: the next request has the new session', async () => {
    await get('/data/first');
    await endSessions();
    const status = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const request = new Request('/data/once', { method: 'POST', body: 'stream' });
      return (await client.fetch(request)).status;
    });
    expect(status).toBe(401);
    expect(sentTo('/data/once')).toHaveLength(1);
    expect((await get('/data/next'))[0]).toBe(200);
    expect(sentTo('/wat')).toHaveLength(2);
  });

  it('tells who the viewer is after his session has ended, too', async () => {
    await get('/data/first');
    await endSessions();
    const subject = await page.evaluate(
      async () => (await (globalThis as unknown as ClientPage).client.claims()).subject,
    );
    expect(subject).toBe('mallory-in-chromium');
    expect(sentTo('/wat')).toHaveLength(2);
  });

  it('does not bring back a session that was forgotten while its request was under way', async () => {
    await get('/data/first');
    const old = sentTo('/data/first')[0]?.headers['initialiser'];
    await endSessions();
    await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const underWay = client.fetch('/data/late');
      client.forget();
      return (await underWay).status;
    });
    await get('/data/next');
    expect(sentTo('/data/next')[0]?.headers['initialiser']).not.toBe(old);
    expect(sentTo('/wat')).toHaveLength(2);
  });

  it('hands on a 401 that is the own one of the application, and makes no session for it', async () => {
    await get('/data/first');
    const before = await counted();
    expect((await get('/refused'))[0]).toBe(401);
    expect(sentTo('/refused')).toHaveLength(2);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await counted()).toBe(before);
  });

  it('keeps the session over a reload where it is given a storage, and forgets it when told', async () => {
    await page.goto(`${app.origin}/?kept`);
    await get('/data/first');
    const before = await counted();
    await page.goto(`${app.origin}/`);
    await page.goto(`${app.origin}/?kept`);
    expect((await get('/data/second'))[0]).toBe(200);
    expect(await counted()).toBe(before);
    await page.evaluate(() => (globalThis as unknown as ClientPage).client.forget());
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect((await get('/data/third'))[0]).toBe(200);
    expect(await counted()).toBe(before + 1);
  });

  it('lets one who waits go by his signal, and serves the others', async () => {
    const results = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const leaving = new AbortController();
      const gone = client.fetch('/data/gone', { signal: leaving.signal }).catch((error) => error.name);
      const staying = client.fetch('/data/staying').then(({ status }) => status);
      leaving.abort();
      const early = client.session({ signal: AbortSignal.abort() }).catch((error) => error.name);
      return Promise.all([gone, staying, early]);
    });
    expect(results).toEqual(['AbortError', 200, 'AbortError']);
    expect(sentTo('/data/gone')).toEqual([]);
    expect(sentTo('/wat')).toHaveLength(1);
  });

  it('says why there is no session, and tries again at the next request', async () => {
    const tell = () =>
      page.evaluate(() => {
        const { client, told } = globalThis as unknown as ClientPage;
        return client.fetch('/data/x').then(({ status }) => status, told);
      });
    claims = () => ({ sub: 'mallory-in-chromium', exp: 1 });
    const isWatError = { name: 'WatError', isWatError: true };
    expect(await tell()).toMatchObject({ ...isWatError, code: 'token_expired', status: 401 });
    claims = () => ({ sub: '' });
    expect(await tell()).toMatchObject({ ...isWatError, code: 'token_invalid', status: 401 });
    claims = () => ({ sub: 'mallory-in-chromium', iat: Date.now() / 1000 });
    expect(await tell()).toBe(200);
    expect(sentTo('/data/x')).toHaveLength(1);

    const others = await page.evaluate(async (elsewhere) => {
      const { makeClient, told } = globalThis as unknown as ClientPage;
      const failing = [
        makeClient({ requestToken: () => Promise.reject(new Error('signed out')) }),
        makeClient({ requestToken: () => undefined as unknown as string }),
        makeClient({ baseUrl: 'http://127.0.0.1:1' }),
        makeClient({ baseUrl: elsewhere }),
      ];
      return Promise.all(failing.map((client) => client.session().catch(told)));
    }, stranger.origin);
    expect(others.map((one) => ('code' in one ? one.code : one))).toEqual([
      'token_request_failed',
      'token_request_failed',
      'gateway_unreachable',
      // Its answer to the preflight does not allow a content type.
      'gateway_unreachable',
    ]);
  });

  it('is not let in from an origin that is not in ALLOWED_ORIGINS', async () => {
    const foreign = await startWebServer(0, answerAsApplication);
    try {
      await page.goto(`${foreign.origin}/`);
      const before = await counted();
      const told = await page.evaluate(() => {
        const { client, told } = globalThis as unknown as ClientPage;
        return client.session().catch(told);
      });
      expect(told).toMatchObject({ code: 'gateway_unreachable' });
      expect(await counted()).toBe(before);
    } finally {
      foreign.close();
    }
  });
});

describe('the package watmeter/client', () => {
  it('is one module of less than 3 kB gzipped, without imports', () => {
    const built = readBuiltClient();
    expect(built.toString()).not.toMatch(/\bimport\b|\brequire\(/);
    expect(built.toString()).toContain('createWatClient');
    expect(gzipSync(built, { level: 9 }).length).toBeLessThan(3000);
  });

  it.each(['nodenext', 'preserve'])(
    'has types for a page that is compiled with modules of kind %s',
    (kind) => {
      const { path, remove } = createTemporaryDirectory('client-types');
      onTestFinished(remove);
      const root = fileURLToPath(new URL('../../../', import.meta.url));
      mkdirSync(join(path, 'node_modules'));
      symlinkSync(root, join(path, 'node_modules', 'watmeter'));
      writeFileSync(join(path, 'package.json'), '{"type":"module"}');
      const compile = (use: string) => {
        const lines = [
          "import { createWatClient, WatError, type WatSession } from 'watmeter/client';",
          "const client = createWatClient({ baseUrl: '/', requestToken: () => 'a', storage: sessionStorage });",
          use,
        ];
        writeFileSync(join(path, 'page.ts'), lines.join('\n'));
        const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
        const options = ['--noEmit', '--strict', '--types', '', '--lib', 'es2022,dom', '--module', kind];
        return spawnSync(process.execPath, [compiler, ...options, 'page.ts'], {
          cwd: path,
          encoding: 'utf8',
        });
      };
      const right =
        'export const session: Promise<WatSession> = client.session(); export const e = new WatError("a");';
      expect(compile(right).stdout).toBe('');
      expect(compile('client.session({ sginal: 1 });').stdout).toContain('sginal');
    },
  );
});
