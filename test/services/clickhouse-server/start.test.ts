import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { readSqlFiles } from '../../../src/platform/files/sql-files.ts';
import { createConfiguration, exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { startChdbServer } from '../../support/chdb-server/chdb-server.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { environmentOf, namesOf, storedSessions } from './server-environment.ts';

// A test starts several processes while other test files run, so it needs a long timeout.
vi.setConfig({ testTimeout: 60_000 });

async function startServer() {
  const clickHouse = await startChdbServer();
  onTestFinished(clickHouse.remove);
  return clickHouse;
}

/** Starts a process that is stopped after the test, even if the test times out before the process is ready. */
async function startApp(env: Record<string, string>, wait = true) {
  const app = await startAppProcess({ dataDir: temporaryDirectory('start-on-server'), env, wait: false });
  onTestFinished(async () => void (await app.stop('SIGKILL')));
  const isReady = () =>
    fetch(`${app.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (wait) await expect.poll(isReady, { timeout: 40_000 }).toBe(true);
  return app;
}

it('without chdb, a process with a ClickHouse server starts and stores events, and a process without a server does not start', async () => {
  const clickHouse = await startServer();
  const withoutChdb = join(temporaryDirectory('without-chdb'), 'without-chdb.cjs');
  writeFileSync(
    withoutChdb,
    `const Module = require('node:module');
     const resolve = Module._resolveFilename;
     Module._resolveFilename = function (request, ...rest) {
       if (/^@?chdb\\b/.test(request)) throw new Error('there is no ' + request);
       return resolve.call(this, request, ...rest);
     };`,
  );
  const env = { ...environmentOf(clickHouse), NODE_OPTIONS: `--require=${withoutChdb}` };
  const app = await startApp(env);
  const configuration = await createConfiguration(app.url);
  const { body } = await exchange(app.url, await mint(configuration, { sub: 'alice' }));
  await expect.poll(() => storedSessions(clickHouse), { timeout: 40_000 }).toEqual([body['sessionId']]);

  const embedded = await startAppProcess({
    dataDir: temporaryDirectory('embedded'),
    env: { NODE_OPTIONS: env.NODE_OPTIONS },
    wait: false,
  });
  onTestFinished(async () => void (await embedded.stop('SIGKILL')));
  await expect.poll(() => embedded.child.exitCode, { timeout: 40_000 }).toBe(1);
  expect(embedded.output()).toContain('there is no chdb/connection');
});

it('several processes can start concurrently on an empty server and create the schema', async () => {
  const clickHouse = await startServer();
  const apps = await Promise.all(Array.from({ length: 3 }, () => startApp(environmentOf(clickHouse), false)));
  await expect
    .poll(() => namesOf(clickHouse, 'SELECT DISTINCT name FROM schema_migrations').catch(() => []), {
      timeout: 40_000,
    })
    .toEqual(expect.arrayContaining(readSqlFiles(projectPaths.clickHouseMigrations).map(({ name }) => name)));
  expect(
    await namesOf(clickHouse, 'SELECT name FROM system.tables WHERE database = currentDatabase()'),
  ).toEqual(
    expect.arrayContaining(['dead_letters', 'partition_owners', 'schema_migrations', 'session_events']),
  );
  for (const app of apps) expect(app.output()).not.toMatch(/ClickHouse error/);
});
