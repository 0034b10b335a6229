import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { type ChdbServer, startChdbServer } from '../../support/chdb-server/chdb-server.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { environmentOf, namesOf, storedSessions } from './server-environment.ts';

// The tests restart processes while other test files run, so they need a long timeout.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const directory = createTemporaryDirectory('all-on-server');
let clickHouse: ChdbServer;
let app: AppProcess;
let configuration: TestConfiguration;
const answered: string[] = [];

beforeAll(async () => {
  clickHouse = await startChdbServer();
  await startApp();
  configuration = await createConfiguration(app.url);
});
afterAll(async () => {
  await app.stop();
  await clickHouse.remove();
  directory.remove();
});

async function startApp(env: Record<string, string> = {}, wait = true): Promise<void> {
  app = await startAppProcess({
    dataDir: directory.path,
    wait,
    env: { ...environmentOf(clickHouse), ...env },
  });
  if (!wait)
    await vi.waitFor(
      async () => expect((await call(app.url, 'GET', '/health/live')).status).toBe(200),
      40_000,
    );
}

async function exchangeSome(count: number): Promise<void> {
  const tokens = await Promise.all(
    Array.from({ length: count }, () => mint(configuration, { sub: 'alice' })),
  );
  for (const { status, body } of await Promise.all(tokens.map((token) => exchange(app.url, token)))) {
    expect(status).toBe(200);
    answered.push(String(body['sessionId']));
  }
}

async function expectAllStoredOnce(): Promise<void> {
  await vi.waitFor(
    async () => expect((await storedSessions(clickHouse)).toSorted()).toEqual(answered.toSorted()),
    {
      timeout: 40_000,
      interval: 100,
    },
  );
  const { status, body } = await call(app.url, 'GET', '/api/v1/usage/summary');
  expect([status, body['total']]).toEqual([200, answered.length]);
}

it('a process stores accepted sessions on the ClickHouse server and returns usage from it', async () => {
  await exchangeSome(20);
  await expectAllStoredOnce();
});

it('a process accepts sessions while the ClickHouse server is down, returns 503 for usage, and stores the sessions once the server is back', async () => {
  await clickHouse.kill();
  await exchangeSome(20);
  expect((await call(app.url, 'GET', '/api/v1/usage/summary')).status).toBe(503);
  await vi.waitFor(async () => expect((await call(app.url, 'GET', '/health/ready')).status).toBe(503));
  await clickHouse.start();
  await expectAllStoredOnce();
  expect((await call(app.url, 'GET', '/health/ready')).status).toBe(200);
});

it.each([
  { kind: 'refuse', code: 252, name: 'TOO_MANY_PARTS', message: 'Quotes a secret tag.', times: 2 },
  { kind: 'cut-before' },
  { kind: 'cut-after' },
] as const)('a process stores each session once when an insert fails: %o', async (fault) => {
  await clickHouse.orderFault(fault);
  await exchangeSome(5);
  await expectAllStoredOnce();
  expect(app.output()).not.toContain('secret tag');
});

const runningInserts = "SELECT query_id AS name FROM system.processes WHERE query_kind = 'INSERT'";

it('a restarted process waits for an insert of the previous process that is still running', async () => {
  await clickHouse.orderFault({ kind: 'delay', delayMs: 1500 });
  await exchangeSome(5);
  await vi.waitFor(async () => expect(await namesOf(clickHouse, runningInserts)).not.toEqual([]), {
    timeout: 5000,
  });
  await app.stop('SIGKILL');
  await startApp();
  await expectAllStoredOnce();
});

it('a process starts and accepts sessions while the ClickHouse server is down or rejects its password', async () => {
  await app.stop();
  await clickHouse.kill();
  await startApp({}, false);
  await exchangeSome(5);
  await clickHouse.start();
  await expectAllStoredOnce();

  await app.stop();
  await startApp({ CLICKHOUSE_PASSWORD: 'wrong' }, false);
  await exchangeSome(5);
  expect((await call(app.url, 'GET', '/api/v1/usage/summary')).status).toBe(503);
  await vi.waitFor(async () => {
    const { text } = await call(app.url, 'GET', '/health/ready');
    expect(text).toMatch(/516 AUTHENTICATION_FAILED/);
  });
  expect(app.output()).not.toContain(clickHouse.password);
  await app.stop();
  await startApp();
  await expectAllStoredOnce();
});
