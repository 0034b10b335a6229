import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { type ChdbServer, startChdbServer } from '../../support/chdb-server/chdb-server.ts';
import { readProjectFile } from '../../support/deploy/compose.ts';
import { until } from '../../support/faults/instance.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const columns =
  'organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence';
const script = fileURLToPath(new URL('../../../scripts/export-events.mjs', import.meta.url));
let clickHouse: ChdbServer;

beforeAll(async () => {
  clickHouse = await startChdbServer();
});

afterAll(() => clickHouse?.remove());

function exportEvents(dataDir: string): string {
  const file = join(dataDir, 'events.json');
  execFileSync(process.execPath, [script, dataDir, file], { stdio: 'pipe' });
  return readFileSync(file, 'utf8');
}

async function importEvents(body: string): Promise<void> {
  const query = encodeURIComponent(`INSERT INTO watmeter.session_events (${columns}) FORMAT JSONEachRow`);
  const headers = { 'X-ClickHouse-User': clickHouse.user, 'X-ClickHouse-Key': clickHouse.password };
  const response = await fetch(`${clickHouse.url}/?query=${query}`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(await response.text());
}

async function waitForTotal(url: string, expected: number): Promise<void> {
  const total = async () => (await call(url, 'GET', '/api/v1/usage/summary')).body['total'];
  await until(`the total is ${expected}`, async () => (await total()) === expected, 20_000);
}

it('the commands of docs/how-to/scale-out.md move the events of an embedded store to a server', {
  timeout: 90_000,
}, async () => {
  expect(readProjectFile('docs/how-to/scale-out.md')).toContain(
    `INSERT INTO watmeter.session_events (${columns})`,
  );
  const dataDir = temporaryDirectory('moving');
  const env = {
    CLICKHOUSE_URL: clickHouse.url,
    CLICKHOUSE_USER: clickHouse.user,
    CLICKHOUSE_PASSWORD: clickHouse.password,
  };
  const embedded = await startAppProcess({ dataDir });
  const token = await mint(await createConfiguration(embedded.url), {
    sub: 'viewer',
    trc: ['news', 'spring-sale'],
  });
  for (let count = 0; count < 20; count += 1) expect((await exchange(embedded.url, token)).status).toBe(200);
  await waitForTotal(embedded.url, 20);
  await embedded.stop();

  const first = await startAppProcess({ dataDir, env });
  await waitForTotal(first.url, 0);
  await first.stop();
  await importEvents(exportEvents(dataDir));

  const second = await startAppProcess({ dataDir, env });
  expect((await exchange(second.url, token)).status).toBe(200);
  await waitForTotal(second.url, 21);
  const { body } = await call(second.url, 'GET', '/api/v1/usage/integrity');
  expect(body).toMatchObject({ exact: true, totals: { accepted: 21, stored: 21, missing: 0, surplus: 0 } });
  await second.stop();
});
