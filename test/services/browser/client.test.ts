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

  /** Returns whether the headers contain a valid session. Calls the gateway, like an application. */
  async function hasSession(headers: Record<string, unknown>): Promise<boolean> {
    const { authorization = '', initialiser = '' } = headers as Record<string, string>;
    const credentials = { authorization, initialiser };
    return (await instance().get('/api/v1/wat/session/claims', credentials)).status === 200;
  }

  const answerAsApplication: Answer = async ({ path, headers, body }, response) => {
    if (path === '/client.js') response.setHeader('content-type', 'text/javascript').write(readBuiltClient());
    else if (path === '/wat') response.write(await mint(configuration, claims()));
    else if (path === '/refused') response.statusCode = 401;
    else if (path === '/away') response.writeHead(302, { location: `${stranger.origin}/landed` });
    else if (path.startsWith('/data')) {
      response.statusCode = (await hasSession(headers)) ? 200 : 401;
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

  const sentTo = (path: string) => app.received.filter((request) => request.path === path);
  async function countSessions(): Promise<number> {
    await instance().settled();
    return Number((await instance().get('/api/v1/usage/summary')).body['total']);
  }
  const endSessions = () =>
    instance().call('POST', '/api/v1/auth/token/revoke', {
      body: { configurationId: configuration.id, sub: 'mallory-in-chromium', endSessions: true },
    });
  /** Fetches a path within the page. Returns the status and the body. */
  const get = (path: string) =>
    page.evaluate(async (url) => {
      const response = await (globalThis as unknown as ClientPage).client.fetch(url);
      return [response.status, await response.text()];
    }, path);

  it('requests one token and starts one session for any number of concurrent requests', async () => {
    const before = await page.evaluate(() => (globalThis as unknown as ClientPage).tokenRequests);
    const statuses = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const requests = Array.from({ length: 30 }, (_, index) => client.fetch(`/data/${index}`));
      return (await Promise.all(requests)).map(({ status }) => status);
    });
    expect(before).toBe(0);
    expect(statuses).toEqual(Array(30).fill(200));
    expect(sentTo('/wat')).toHaveLength(1);
    const dataRequests = app.received.filter(({ path }) => path.startsWith('/data'));
    expect(new Set(dataRequests.map(({ headers }) => headers['initialiser'])).size).toBe(1);
    for (const { headers } of dataRequests) expect(headers['authorization']).toMatch(/^Bearer \S{100,}$/);
    expect(await countSessions()).toBe(1);
  });

  it('returns the claims of the viewer, and keeps the method, body and headers of a request', async () => {
    const subject = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      await client.fetch(
        new Request('/data/own', { method: 'POST', body: 'text', headers: { 'x-own': '1' } }),
      );
      return (await client.claims()).subject;
    });
    expect(subject).toBe('mallory-in-chromium');
    expect(sentTo('/data/own')).toEqual([
      expect.objectContaining({
        method: 'POST',
        body: 'text',
        headers: expect.objectContaining({ 'x-own': '1' }),
      }),
    ]);
  });

  it('never sends the session to another origin, not even after a redirect', async () => {
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

  it('renews the session before it expires, without counting another session', async () => {
    await get('/data/before');
    const before = await countSessions();
    const [first, second, third] = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const tokenNow = async () => (await client.session()).webSessionToken;
      const initial = await tokenNow();
      const { now } = Date;
      // Five of the eight hours that SESSION_TTL allows.
      Date.now = () => now() + 5 * 3_600_000;
      const duringRenewal = await tokenNow();
      for (let tries = 0; tries < 100 && (await tokenNow()) === initial; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return [initial, duringRenewal, await tokenNow()];
    });
    // The client uses the old token, which is still valid, until it receives the new one.
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await get('/data/after')).toEqual([200, '']);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await countSessions()).toBe(before);
  });

  it('does not start a new session if the clock of the computer is wrong', async () => {
    await get('/data/before');
    const before = await countSessions();
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 365 * 86_400_000;
    });
    for (let index = 0; index < 3; index += 1) expect((await get(`/data/${index}`))[0]).toBe(200);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await countSessions()).toBe(before);
  });

  it('requests a new token after the session has expired, and retries each rejected request once', async () => {
    await get('/data/first');
    const before = await countSessions();
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
    expect(await countSessions()).toBe(before + 1);
  });

  it('does not retry a request with a stream body, and starts a new session for the next request', async () => {
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

  it('returns the claims of the viewer even after the session has expired', async () => {
    await get('/data/first');
    await endSessions();
    const subject = await page.evaluate(
      async () => (await (globalThis as unknown as ClientPage).client.claims()).subject,
    );
    expect(subject).toBe('mallory-in-chromium');
    expect(sentTo('/wat')).toHaveLength(2);
  });

  it('does not restore a session if forget() is called during a request', async () => {
    await get('/data/first');
    const old = sentTo('/data/first')[0]?.headers['initialiser'];
    await endSessions();
    await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const pending = client.fetch('/data/late');
      client.forget();
      return (await pending).status;
    });
    await get('/data/next');
    expect(sentTo('/data/next')[0]?.headers['initialiser']).not.toBe(old);
    expect(sentTo('/wat')).toHaveLength(2);
  });

  it('returns a 401 of the application to the caller, and does not start a new session because of it', async () => {
    await get('/data/first');
    const before = await countSessions();
    expect((await get('/refused'))[0]).toBe(401);
    expect(sentTo('/refused')).toHaveLength(2);
    expect(sentTo('/wat')).toHaveLength(1);
    expect(await countSessions()).toBe(before);
  });

  it('keeps the session across a page reload if storage is configured, until forget() is called', async () => {
    await page.goto(`${app.origin}/?stored`);
    await get('/data/first');
    const before = await countSessions();
    await page.goto(`${app.origin}/`);
    await page.goto(`${app.origin}/?stored`);
    expect((await get('/data/second'))[0]).toBe(200);
    expect(await countSessions()).toBe(before);
    await page.evaluate(() => (globalThis as unknown as ClientPage).client.forget());
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect((await get('/data/third'))[0]).toBe(200);
    expect(await countSessions()).toBe(before + 1);
  });

  it('aborts only the request whose signal is aborted', async () => {
    const results = await page.evaluate(async () => {
      const { client } = globalThis as unknown as ClientPage;
      const controller = new AbortController();
      const aborted = client
        .fetch('/data/aborted', { signal: controller.signal })
        .catch((error) => error.name);
      const staying = client.fetch('/data/staying').then(({ status }) => status);
      controller.abort();
      const early = client.session({ signal: AbortSignal.abort() }).catch((error) => error.name);
      return Promise.all([aborted, staying, early]);
    });
    expect(results).toEqual(['AbortError', 200, 'AbortError']);
    expect(sentTo('/data/aborted')).toEqual([]);
    expect(sentTo('/wat')).toHaveLength(1);
  });

  it('reports why it could not start a session, and tries again with the next request', async () => {
    const fetchOrError = () =>
      page.evaluate(() => {
        const { client, describeError } = globalThis as unknown as ClientPage;
        return client.fetch('/data/x').then(({ status }) => status, describeError);
      });
    claims = () => ({ sub: 'mallory-in-chromium', exp: 1 });
    const isWatError = { name: 'WatError', isWatError: true };
    expect(await fetchOrError()).toMatchObject({ ...isWatError, code: 'token_expired', status: 401 });
    claims = () => ({ sub: '' });
    expect(await fetchOrError()).toMatchObject({ ...isWatError, code: 'token_invalid', status: 401 });
    claims = () => ({ sub: 'mallory-in-chromium', iat: Date.now() / 1000 });
    expect(await fetchOrError()).toBe(200);
    expect(sentTo('/data/x')).toHaveLength(1);

    const failures = await page.evaluate(async (strangerOrigin) => {
      const { createClient, describeError } = globalThis as unknown as ClientPage;
      const failing = [
        createClient({ requestToken: () => Promise.reject(new Error('signed out')) }),
        createClient({ requestToken: () => undefined as unknown as string }),
        createClient({ baseUrl: 'http://127.0.0.1:1' }),
        createClient({ baseUrl: strangerOrigin }),
      ];
      return Promise.all(failing.map((client) => client.session().catch(describeError)));
    }, stranger.origin);
    expect(failures.map((failure) => ('code' in failure ? failure.code : failure))).toEqual([
      'token_request_failed',
      'token_request_failed',
      'gateway_unreachable',
      // This server's response to the preflight request does not allow a content type.
      'gateway_unreachable',
    ]);
  });

  it('does not start a session from an origin that is not in ALLOWED_ORIGINS', async () => {
    const foreign = await startWebServer(0, answerAsApplication);
    try {
      await page.goto(`${foreign.origin}/`);
      const before = await countSessions();
      const failure = await page.evaluate(() => {
        const { client, describeError } = globalThis as unknown as ClientPage;
        return client.session().catch(describeError);
      });
      expect(failure).toMatchObject({ code: 'gateway_unreachable' });
      expect(await countSessions()).toBe(before);
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

  it.each(['nodenext', 'preserve'])('provides types for TypeScript with --module %s', (kind) => {
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
  });
});
