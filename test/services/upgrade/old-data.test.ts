import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { openClickHouse } from '../../../src/app/stores/clickhouse.ts';
import { acceptingDuringConversion } from '../../../src/app/stores/table-conversion.ts';
import { createEmbeddedClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { migrateClickHouse } from '../../../src/platform/clickhouse/migrate.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { randomEvents } from '../../integration/clickhouse/counted.ts';
import { sqlFiles } from '../../integration/clickhouse/event-table.ts';
import { insertAsOldSink, replaceByOldTable } from '../../integration/clickhouse/old-event-table.ts';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

// A test starts several processes, which is slow while other test files run.
vi.setConfig({ testTimeout: 180_000 });

const sessions = 300;

/** Creates a data directory whose event table has the format and the rows of version 0.1.0. */
async function createOldData(): Promise<string> {
  const dataDir = temporaryDirectory('old-data');
  mkdirSync(dataPaths(dataDir).clickHouse, { recursive: true });
  const client = createEmbeddedClickHouse(dataPaths(dataDir).clickHouse);
  await migrateClickHouse(client, sqlFiles, { cluster: undefined });
  await replaceByOldTable(client);
  await insertAsOldSink(client, randomEvents(sessions, 20261130));
  await client.close();
  return dataDir;
}

it('a process that is killed during the conversion continues it, and counts every old and new session', async () => {
  const dataDir = await createOldData();
  for (const failpoint of ['convert.month', 'convert.exchanged']) {
    const killed = await startAppProcess({ dataDir, env: { DANGEROUS_FAILPOINT: failpoint }, wait: false });
    if (killed.child.exitCode === null && killed.child.signalCode === null) await once(killed.child, 'exit');
    expect(killed.child.signalCode).toBe('SIGKILL');
  }
  const app = await startAppProcess({ dataDir });
  try {
    const configuration = await createConfiguration(app.url);
    expect((await exchange(app.url, await mint(configuration, { sub: 'alice' }))).status).toBe(200);
    const summary = async () => (await call(app.url, 'GET', '/api/v1/usage/summary')).body;
    await expect.poll(summary, { timeout: 30_000 }).toMatchObject({ total: sessions + 1 });
    const { body } = await call(app.url, 'GET', '/api/v1/usage/integrity?depth=full');
    expect(body).toMatchObject({ findings: { driftedProjections: [], doubledEvents: [] } });
  } finally {
    await app.stop();
  }
});

it('a process opens the old table without waiting for its conversion, which the sink starts', async () => {
  const dataDir = await createOldData();
  const progress: string[] = [];
  const config = { dataDir, queryTimeout: 10_000, queryMemory: 2 ** 31, clickhouseUrl: undefined };
  const unused = { clickhouseUser: '', clickhousePassword: undefined, clickhouseDatabase: 'watmeter' };
  const clickHouse = await openClickHouse(
    { ...config, ...unused, clickhouseCaFile: undefined, clickhouseCluster: undefined },
    {
      clock: { nowMs: () => Date.now() },
      failpoint: noFailpoints,
      onProgress: (text) => progress.push(text),
    },
  );
  try {
    const count = () => clickHouse.pool.rows('SELECT toUInt32(count()) AS n FROM session_events', {});
    expect(await count()).toEqual([{ n: sessions }]);
    expect(progress).toEqual([]);
    const state = await clickHouse.eventStore(undefined).readState();
    expect([...state.values()].map(({ highest }) => highest)).toEqual([sessions]);
    expect(progress.at(-1)).toBe('the event table is converted');
    expect(await count()).toEqual([{ n: sessions }]);
  } finally {
    await clickHouse.close();
  }
});

it('a process is ready during the conversion, and shows its progress', () => {
  let progress: string | undefined = 'converting the event table';
  const trouble = () => 'the state of the stream has not been read yet';
  const checks = acceptingDuringConversion([{ name: 'sink', trouble }], { trouble: () => progress });
  const troubles = () => checks.filter(({ isHarmless }) => !isHarmless).map((check) => check.trouble());
  expect(troubles()).toEqual([undefined]);
  expect(checks.map((check) => check.trouble())).toContain('converting the event table');
  progress = undefined;
  expect(troubles()).toEqual([trouble()]);
});
