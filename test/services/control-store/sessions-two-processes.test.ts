import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import {
  claimsPath,
  cookieOf,
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
  let place: ControlPlace;
  let configuration: TestConfiguration;
  let gateway: Awaited<ReturnType<typeof openGateway>>;
  let one: AppProcess;
  let other: AppProcess;

  const start = async () => {
    const { path, remove } = createTemporaryDirectory('process');
    cleanUp.push(remove);
    const app = await startAppProcess({
      dataDir: path,
      env: { SINK_LINGER: '20ms', ...place.env, DATA_DIR: path },
    });
    cleanUp.push(app.stop);
    return app;
  };

  beforeAll(async () => {
    place = await stores.create();
    cleanUp.push(place.remove);
    // At once, on an empty database: they agree on the keys.
    [one, other] = await Promise.all([start(), start()]);
    const control = await openControl({ ...place.config, adminToken: undefined }, systemClock);
    cleanUp.push(() => control.store.destroy());
    gateway = await openGateway({ control });
    configuration = await createConfiguration(one.url, 'Shared');
    const token = await mint(configuration, { sub: 'alice' });
    await vi.waitFor(async () => expect((await exchange(other.url, token)).status).toBe(200), 2000);
  });
  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
  });

  const begin = async (claims: Record<string, unknown>) =>
    exchange(one.url, await mint(configuration, claims));
  const sessions: [string, Record<string, unknown>][] = [
    ['in its token', { sub: 'alice', grants: { res: ['a'] } }],
    ['in the control store', { sub: 'alice', grants: { res: ['日'.repeat(20_000)] } }],
  ];

  describe.each(sessions)('a session of one gateway, its claims %s', (_, claims) => {
    it('is open, renewed and told at another one, and after a restart', async () => {
      const session = await begin(claims);
      const restarted = await start();
      for (const { url } of [other, restarted]) {
        const headers = headersOf(session);
        const asked = await call(url, 'GET', sessionPath, { headers });
        expect([asked.status, asked.headers.get('x-wat-session')]).toEqual([204, session.body['sessionId']]);
        expect((await call(url, 'GET', sessionPath, { headers: cookieOf(session) })).status).toBe(204);
        const told = await call(url, 'GET', claimsPath, { headers });
        expect(told.body).toMatchObject({ subject: 'alice', grants: claims['grants'] });
        const renewed = await call(url, 'POST', renewPath, { headers });
        expect(renewed.body).toMatchObject({ sessionId: session.body['sessionId'] });
        const back = await call(one.url, 'GET', claimsPath, { headers: headersOf(renewed) });
        expect(back.body['grants']).toEqual(claims['grants']);
      }
    });
  });

  describe('gateways', () => {
    it('sign with one key, published by each', async () => {
      const { headers } = await call(one.url, 'GET', sessionPath, {
        headers: headersOf(await begin({ sub: 'alice' })),
      });
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', other.url));
      const { payload } = await jwtVerify(String(headers.get('x-wat-assertion')), keys);
      expect(payload.sub).toBe('alice');
    });

    it('know of each other which links have had their first page load', async () => {
      const pageLoads = async ({ url }: AppProcess) => {
        const { text } = await call(url, 'GET', '/metrics', { headers: {} });
        const count = (outcome: string) =>
          Number(new RegExp(`watmeter_page_loads_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0);
        return { counted: count('counted'), first: count('first-after-entry') };
      };
      const links = await Promise.all(
        [1, 2, 3].map(async () => gateway.asLink(await begin({ sub: 'alice' }))),
      );
      const cookie = [links[2]?.cookie, ...links.map(({ mark }) => mark)].join('; ');
      const load = ({ url }: AppProcess) =>
        getExactly(`${url}${sessionPath}?count=navigations`, { cookie, 'sec-fetch-mode': 'navigate' });
      const answers = await Promise.all([one, other, one, other].map(load));
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
      const [here, there] = [await pageLoads(one), await pageLoads(other)];
      // Three links, four page loads: one of them is a session of its own, wherever it was.
      expect([here.first + there.first, here.counted + there.counted]).toEqual([3, 1]);
    });

    it('end a session of each other within 2 seconds of its revocation', async () => {
      const session = await begin({ sub: 'leaving' });
      await call(one.url, 'POST', '/api/v1/auth/token/revoke', {
        body: { configurationId: configuration.id, sub: 'leaving', endSessions: true },
      });
      const statusAt = async ({ url }: AppProcess) =>
        (await call(url, 'GET', sessionPath, { headers: headersOf(session) })).status;
      expect(await statusAt(one)).toBe(401);
      await vi.waitFor(async () => expect(await statusAt(other)).toBe(401), { timeout: 2000, interval: 25 });
    });
  });
}
