import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createConfiguration, exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { startClickHouseFace } from '../../support/clickhouse-face/face.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { environmentOf, storedSessions } from './server-environment.ts';

async function startedFace() {
  const face = await startClickHouseFace();
  onTestFinished(face.remove);
  return face;
}

async function startedApp(env: Record<string, string>) {
  const app = await startAppProcess({ dataDir: temporaryDirectory('start-on-server'), env });
  onTestFinished(async () => void (await app.stop()));
  return app;
}

it('needs no chdb when there is a server: an installation without it starts and stores', async () => {
  const face = await startedFace();
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
  const env = { ...environmentOf(face), NODE_OPTIONS: `--require=${withoutChdb}` };
  const app = await startedApp(env);
  const configuration = await createConfiguration(app.url);
  const { body } = await exchange(app.url, await mint(configuration, { sub: 'alice' }));
  await expect.poll(() => storedSessions(face), { timeout: 10_000 }).toEqual([body['sessionId']]);

  const embedded = await startAppProcess({
    dataDir: temporaryDirectory('embedded'),
    env: { NODE_OPTIONS: env.NODE_OPTIONS },
    wait: false,
  });
  onTestFinished(async () => void (await embedded.stop('SIGKILL')));
  await expect.poll(() => embedded.child.exitCode, { timeout: 10_000 }).toBe(1);
  expect(embedded.output()).toContain('there is no chdb/connection');
});

it('makes the schema once when several processes start at the same time', async () => {
  const face = await startedFace();
  const apps = await Promise.all(Array.from({ length: 3 }, () => startedApp(environmentOf(face))));
  for (const app of apps) {
    const configuration = await createConfiguration(app.url);
    await exchange(app.url, await mint(configuration, { sub: 'alice' }));
  }
  await expect.poll(async () => (await storedSessions(face)).length, { timeout: 10_000 }).toBe(apps.length);
});
