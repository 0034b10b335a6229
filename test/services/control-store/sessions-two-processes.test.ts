import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import {
  claimsPath,
  getExactly,
  headersOf,
  openGateway,
  renewPath,
  sessionPath,
} from '../../integration/http/support/session-api.ts';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { openControl } from '../../support/control.ts';
import type { ControlPlace } from '../../support/control-stores.ts';
import { describeOnPostgres, type PostgresStores } from '../../support/services/postgres-stores.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

describeOnPostgres(twoProcessesCases);

function twoProcessesCases(stores: PostgresStores): void {
  const cleanUp: (() => unknown)[] = [];
  let database: ControlPlace;
  let configuration: TestConfiguration;
  let gateway: Awaited<ReturnType<typeof openGateway>>;
  let firstApp: AppProcess;
  let secondApp: AppProcess;

  const start = async () => {
    const { path, remove } = createTemporaryDirectory('process');
    cleanUp.push(remove);
    const app = await startAppProcess({
      dataDir: path,
      env: { SINK_LINGER: '20ms', ...database.env, DATA_DIR: path },
    });
    cleanUp.push(app.stop);
    return app;
  };

  beforeAll(async () => {
    database = await stores.create();
    cleanUp.push(database.remove);
    // Both processes start concurrently on an empty database and must use the same keys.
    [firstApp, secondApp] = await Promise.all([start(), start()]);
    const control = await openControl({ ...database.config, adminToken: undefined }, systemClock);
    cleanUp.push(() => control.store.destroy());
    gateway = await openGateway({ control });
    configuration = await createConfiguration(firstApp.url, 'Shared');
    const token = await mint(configuration, { sub: 'alice' });
    await vi.waitFor(async () => expect((await exchange(secondApp.url, token)).status).toBe(200), 2000);
  });
  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
  });

  const openSession = async (claims: Record<string, unknown>) =>
    exchange(firstApp.url, await mint(configuration, claims));
  const sessions: [string, Record<string, unknown>][] = [
    ['in its token', { sub: 'alice', grants: { res: ['a'] } }],
    ['in the control store', { sub: 'alice', grants: { res: ['日'.repeat(20_000)] } }],
  ];

  describe.each(sessions)('a session with its claims %s', (_, claims) => {
    it('is valid and renewable, with its claims, at another gateway and at a gateway that starts later', async () => {
      const session = await openSession(claims);
      const restarted = await start();
      for (const { url } of [secondApp, restarted]) {
        const headers = headersOf(session);
        const authorized = await call(url, 'GET', sessionPath, { headers });
        expect([authorized.status, authorized.headers.get('x-wat-session')]).toEqual([
          204,
          session.body['sessionId'],
        ]);
        expect((await call(url, 'GET', sessionPath, { headers: gateway.cookieOf(session) })).status).toBe(
          204,
        );
        const viewer = await call(url, 'GET', claimsPath, { headers });
        expect(viewer.body).toMatchObject({ subject: 'alice', grants: claims['grants'] });
        const renewed = await call(url, 'POST', renewPath, { headers });
        expect(renewed.body).toMatchObject({ sessionId: session.body['sessionId'] });
        const back = await call(firstApp.url, 'GET', claimsPath, { headers: headersOf(renewed) });
        expect(back.body['grants']).toEqual(claims['grants']);
      }
    });
  });

  describe('two gateways', () => {
    it('sign assertions with the same key, which both publish', async () => {
      const { headers } = await call(firstApp.url, 'GET', sessionPath, {
        headers: headersOf(await openSession({ sub: 'alice' })),
      });
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', secondApp.url));
      const { payload } = await jwtVerify(String(headers.get('x-wat-assertion')), keys);
      expect(payload.sub).toBe('alice');
    });

    it('share the record of links whose first page load has happened', async () => {
      const pageLoads = async ({ url }: AppProcess) => {
        const { text } = await call(url, 'GET', '/metrics', { headers: {} });
        const count = (outcome: string) =>
          Number(new RegExp(`watmeter_page_loads_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0);
        return { counted: count('counted'), first: count('first-after-entry') };
      };
      const links = await Promise.all(
        [1, 2, 3].map(async () => gateway.asLink(await openSession({ sub: 'alice' }))),
      );
      const cookie = [links[2]?.cookie, ...links.map(({ mark }) => mark)].join('; ');
      const load = ({ url }: AppProcess) =>
        getExactly(`${url}${sessionPath}?count=navigations`, { cookie, 'sec-fetch-mode': 'navigate' });
      const answers = await Promise.all([firstApp, secondApp, firstApp, secondApp].map(load));
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
      const [first, second] = [await pageLoads(firstApp), await pageLoads(secondApp)];
      // Of four page loads after three links, one counts as a new session, whichever gateway handles it.
      expect([first.first + second.first, first.counted + second.counted]).toEqual([3, 1]);
    });

    it('end a session within 2 seconds of its revocation at the other gateway', async () => {
      const session = await openSession({ sub: 'leaving' });
      await call(firstApp.url, 'POST', '/api/v1/auth/token/revoke', {
        body: { configurationId: configuration.id, sub: 'leaving', endSessions: true },
      });
      const statusAt = async ({ url }: AppProcess) =>
        (await call(url, 'GET', sessionPath, { headers: headersOf(session) })).status;
      expect(await statusAt(firstApp)).toBe(401);
      await vi.waitFor(async () => expect(await statusAt(secondApp)).toBe(401), {
        timeout: 2000,
        interval: 25,
      });
    });
  });
}
