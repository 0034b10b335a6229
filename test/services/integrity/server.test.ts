import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { type ClickHouseClient, createServerClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { serverConfigOf, serverDatabase } from '../../integration/clickhouse/event-table.ts';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { type ChdbServer, startChdbServer } from '../../support/chdb-server/chdb-server.ts';
import { runCommand } from '../../support/command.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

/** The process stores events on a ClickHouse server and keeps running while the commands repair its rows. */
const directory = createTemporaryDirectory('integrity-server');
let clickHouse: ChdbServer;
let app: AppProcess;
let client: ClickHouseClient;
let env: Record<string, string>;

beforeAll(async () => {
  clickHouse = await startChdbServer();
  client = createServerClickHouse(serverConfigOf(clickHouse));
  env = {
    CLICKHOUSE_URL: clickHouse.url,
    CLICKHOUSE_USER: clickHouse.user,
    CLICKHOUSE_PASSWORD: clickHouse.password,
    CLICKHOUSE_DATABASE: serverDatabase,
    SINK_LINGER: '20ms',
  };
  app = await startAppProcess({ dataDir: directory.path, env });
}, 60_000);
afterAll(async () => {
  await app?.stop();
  await client?.close();
  await clickHouse?.remove();
  directory.remove();
});

async function openSessions(count: number, token: string): Promise<void> {
  for (let session = 0; session < count; session += 1)
    expect((await exchange(app.url, token)).status).toBe(200);
  const pending = async () =>
    /^watmeter_journal_pending_events .*$/m.exec((await call(app.url, 'GET', '/metrics')).text)?.[0];
  await expect
    .poll(pending, { timeout: 20_000, message: app.output() })
    .toBe('watmeter_journal_pending_events 0');
}

it('repair and replay succeed while the sink runs, and every count is correct afterwards', async () => {
  const token = await mint(await createConfiguration(app.url), { sub: 'alice' });
  await openSessions(12, token);
  const letter = sessionEvent({ producer: 'letters', sequence: 1 });
  const message = { position: 1, identity: letter, body: encodeSessionEvent(letter), headers: '{}' };
  await createClickHouseEventStore(client, systemClock).insertDeadLetters([
    createDeadLetter(message, 't', 'r'),
  ]);
  await client.command({
    query: 'INSERT INTO session_events SELECT * FROM session_events WHERE sequence = 7',
  });
  await client.command({
    query: 'ALTER TABLE session_events DELETE WHERE sequence IN (3, 4) SETTINGS mutations_sync = 2',
  });

  // The process saves the cursor of the journal within a second. Until then, the command counts stored events as waiting.
  const verifiedTotals = async () => {
    const verified = await runCommand(directory.path, ['verify', '--json'], env);
    expect(verified.code, verified.stderr).toBe(1);
    return JSON.parse(verified.stdout).totals;
  };
  await expect
    .poll(verifiedTotals, { timeout: 30_000 })
    .toEqual({ accepted: 13, stored: 10, deadLettered: 1, waiting: 0, missing: 2, surplus: 1 });
  const repaired = await runCommand(directory.path, ['repair', '--yes'], env);
  expect(repaired, repaired.stderr).toMatchObject({ code: 0 });
  const replayed = await runCommand(directory.path, ['dead-letters', 'replay', 'letters/0/1'], env);
  expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('1 stored') });

  await openSessions(5, token);
  expect((await call(app.url, 'GET', '/api/v1/usage/summary')).body).toMatchObject({ total: 18 });
  expect((await call(app.url, 'GET', '/api/v1/usage/integrity')).body).toMatchObject({
    exact: true,
    totals: { accepted: 18, stored: 18, deadLettered: 0, missing: 0, surplus: 0 },
  });
}, 90_000);
