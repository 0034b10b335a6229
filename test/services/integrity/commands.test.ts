import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClickHouseDeadLetterStore } from '../../../consumers/dead-letter/clickhouse-dead-letter-store.ts';
import { createDeadLetter, type DeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import type { IntegrityReport } from '../../../consumers/recovery/integrity/model/report.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createAuditLog } from '../../../src/access/audit/audit.ts';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { type ClickHouseClient, createEmbeddedClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { type CommandEnd, runCommand } from '../../support/command.ts';
import { openControl } from '../../support/control.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

/** The data directory of a stopped process that has stored 30 sessions. Each test uses a copy. */
const directory = createTemporaryDirectory('integrity');
const template = join(directory.path, 'template');
let copies = 0;

beforeAll(async () => {
  const app = await start(template);
  const configuration = await createConfiguration(app.url);
  const token = await mint(configuration, { sub: 'alice', trc: ['news'] });
  for (let session = 0; session < 30; session += 1) expect((await exchange(app.url, token)).status).toBe(200);
  await waitUntilComplete(app);
  await app.stop();
}, 60_000);
afterAll(() => directory.remove());

const start = (dataDir: string) => startAppProcess({ dataDir, env: { SINK_LINGER: '20ms' } });

function copy(): string {
  copies += 1;
  const path = join(directory.path, `copy-${copies}`);
  cpSync(template, path, { recursive: true, verbatimSymlinks: true });
  return path;
}

async function waitUntilComplete(app: AppProcess): Promise<void> {
  const askedMs = Date.now();
  for (;;) {
    const { body } = await call(app.url, 'GET', '/api/v1/usage/summary');
    if (Date.parse(String(body['completeThrough'])) > askedMs) return;
    if (Date.now() > askedMs + 15_000) throw new Error('the usage answers are not complete after 15 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Opens the tables of a stopped process, and calls `work` with a client for these tables. */
async function withTables<T>(dataDir: string, work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const client = createEmbeddedClickHouse(dataPaths(dataDir).clickHouse);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const damage = (dataDir: string) =>
  withTables(dataDir, async (client) => {
    const table = 'session_events';
    await client.command({
      query: `ALTER TABLE ${table} DELETE WHERE sequence = 3 OR sequence BETWEEN 10 AND 14 SETTINGS mutations_sync = 2`,
    });
    await client.command({ query: `INSERT INTO ${table} SELECT * FROM ${table} WHERE sequence = 20` });
    // Disables merges, because a merge during a repair makes the repair check again and write another audit entry.
    await client.command({
      query: `ALTER TABLE ${table} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1`,
    });
  });

const reportOf = ({ stdout }: CommandEnd): IntegrityReport => JSON.parse(stdout);

/** Returns the audit log entries that the commands wrote, oldest first. */
async function auditLines(dataDir: string) {
  const control = await openControl(
    {
      dataDir,
      databaseUrl: undefined,
      databaseCaFile: undefined,
      masterKey: undefined,
      adminToken: undefined,
    },
    systemClock,
  );
  try {
    const lines = await createAuditLog(control.store, systemClock).list(100);
    return lines.filter(({ action }) => action !== 'configuration.create').toReversed();
  } finally {
    await control.store.destroy();
  }
}

/** Starts a process on the data directory. Returns its session counts and its integrity report. */
async function answersOf(dataDir: string) {
  const app = await start(dataDir);
  try {
    const [summary, configurations, tag, integrity] = await Promise.all(
      ['summary', 'configurations', 'tags/news', 'integrity'].map((path) =>
        call(app.url, 'GET', `/api/v1/usage/${path}`),
      ),
    );
    return {
      summary: summary?.body['total'],
      configurations: (configurations?.body['items'] ?? []) as { total: number }[],
      tag: tag?.body['total'],
      integrity: integrity?.body as unknown as IntegrityReport,
    };
  } finally {
    await app.stop();
  }
}

describe('watmeter verify and repair', () => {
  it('find and repair missing and duplicated rows, so that the usage counts are correct again', async () => {
    const dataDir = copy();
    expect(await runCommand(dataDir, ['verify'])).toMatchObject({ code: 0 });
    await damage(dataDir);

    const verified = await runCommand(dataDir, ['verify', '--json']);
    expect(verified.code).toBe(1);
    expect(verified.stderr).toContain('reading');
    expect(reportOf(verified)).toMatchObject({
      exact: false,
      totals: { accepted: 30, stored: 24, missing: 6, surplus: 1 },
      findings: {
        holes: [
          { first: 3, last: 3, inJournal: true },
          { first: 10, last: 14, inJournal: true },
        ],
        doubledEvents: [{ sequence: 20, rows: 2 }],
      },
    });
    const text = (await runCommand(dataDir, ['verify'])).stdout;
    expect(text).toMatch(/missing range: producer [0-9a-f-]{36}, partition 0, sequences 10\.\.14, 5 events/);
    expect(text).toMatch(/duplicate: producer [0-9a-f-]{36}, partition 0, sequence 20: 2 rows/);

    const planned = await runCommand(dataDir, ['repair']);
    expect(planned).toMatchObject({ code: 1, stdout: expect.stringContaining('No data was changed') });
    expect(await runCommand(dataDir, ['verify'])).toMatchObject({ code: 1 });

    const repaired = await runCommand(dataDir, ['repair', '--yes']);
    expect(repaired).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Exact: no event is missing'),
    });
    expect(await auditLines(dataDir)).toMatchObject([
      { action: 'integrity.repair', result: 'STARTED', actor: expect.stringContaining('command-line:') },
      { action: 'integrity.repair', result: 'OK', details: { removed: 1, filled: 6 } },
    ]);
    expect(await runCommand(dataDir, ['verify'])).toMatchObject({ code: 0 });
    expect(await answersOf(dataDir)).toMatchObject({
      ...{ summary: 30, configurations: [{ total: 30 }], tag: 30 },
      integrity: { exact: true, totals: { accepted: 30, stored: 30, missing: 0, surplus: 0 } },
    });
  }, 90_000);

  it.each(['repair.removed', 'repair.filled'])(
    'succeed after a repair that was killed at %s',
    async (failpoint) => {
      const dataDir = copy();
      await damage(dataDir);
      const killed = await runCommand(dataDir, ['repair', '--yes'], { DANGEROUS_FAILPOINT: failpoint });
      expect(killed.signal).toBe('SIGKILL');
      expect(await runCommand(dataDir, ['repair', '--yes'])).toMatchObject({ code: 0 });
      const verified = await runCommand(dataDir, ['verify', '--json']);
      expect(reportOf(verified)).toMatchObject({ exact: true, totals: { stored: 30, surplus: 0 } });
    },
    60_000,
  );

  it('fail if the data directory is missing or in use or an option is wrong, and read the journal of a running gateway with --journal', async () => {
    expect(await runCommand(join(directory.path, 'nowhere'), ['verify'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there are no tables'),
    });
    const [dataDir, other] = [copy(), copy()];
    expect(await runCommand(dataDir, ['verify', '--fast'])).toMatchObject({ code: 2 });
    const app = await start(dataDir);
    try {
      for (const command of [['verify'], ['repair', '--yes']])
        expect(await runCommand(dataDir, command)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('is in use by another watmeter process'),
        });
      expect(await runCommand(dataDir, ['dead-letters', 'list'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('is in use by another watmeter process'),
      });
      const verified = await runCommand(other, ['verify', '--journal', dataDir, '--json']);
      expect(verified.code).toBe(0);
      expect(reportOf(verified).journals).toEqual([other, dataDir]);
    } finally {
      await app.stop();
    }
  }, 60_000);
});

describe('watmeter dead-letters', () => {
  const readable = sessionEvent({ producer: 'letters', sequence: 1, tags: ['late'] });
  const letterOf = (sequence: number, body: string, rawBody?: Buffer): DeadLetter =>
    createDeadLetter(
      {
        position: sequence,
        identity: { producer: 'letters', partition: 0, sequence },
        ...{ body, headers: '{"traced":"yes"}' },
        ...(rawBody !== undefined && { rawBody }),
      },
      'watmeter.sessions',
      sequence < 3 ? 'an older version could not read it' : 'not UTF-8',
    );
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x1b, 0x5b]);

  /**
   * Adds three dead letters. An older version could not read two of them, but this version can. The third is not UTF-8.
   */
  async function copyWithLetters(): Promise<string> {
    const dataDir = copy();
    await withTables(dataDir, async (client) => {
      const store = createClickHouseEventStore(client, systemClock);
      await store.insertDeadLetters([
        letterOf(1, encodeSessionEvent(readable)),
        letterOf(2, encodeSessionEvent({ ...readable, sequence: 2, sessionId: sessionEvent().sessionId })),
        letterOf(3, bytes.toString('utf8'), bytes),
      ]);
    });
    return dataDir;
  }

  it('lists and shows dead letters, whatever their bytes', async () => {
    const dataDir = await copyWithLetters();
    const listed = await runCommand(dataDir, ['dead-letters', 'list', '--producer', 'letters', '--json']);
    const letters = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(letters.map(({ id }) => id).sort()).toEqual(['letters/0/1', 'letters/0/2', 'letters/0/3']);
    const some = ['--reason', 'not UTF-8', '--since', '2026-01-01T00:00:00Z', '--limit', '1'];
    expect((await runCommand(dataDir, ['dead-letters', 'list', ...some])).stdout).toMatch(
      /^letters\/0\/3 .*\n$/,
    );
    expect((await runCommand(dataDir, ['dead-letters', 'list', '--since', '2999-01-01'])).stdout).toBe('');

    const text = (await runCommand(dataDir, ['dead-letters', 'show', 'letters/0/1'])).stdout;
    expect(text).toContain(encodeSessionEvent(readable));
    expect(text).toContain('{"traced":"yes"}');
    const hex = (await runCommand(dataDir, ['dead-letters', 'show', 'letters/0/3'])).stdout;
    expect(hex).toContain('ff fe 00 7b 1b 5b');
    expect(hex).not.toContain('\u001b');
    expect(await runCommand(dataDir, ['dead-letters', 'show', 'nothing'])).toMatchObject({ code: 1 });
    await withTables(dataDir, async (client) => {
      const stored = await createClickHouseDeadLetterStore(client, systemClock).find('letters/0/3');
      expect(stored && Buffer.from(stored.body, 'base64').equals(bytes)).toBe(true);
    });
  }, 60_000);

  it('counts a replayed dead letter once, also if the replay was killed between its steps', async () => {
    const dataDir = await copyWithLetters();
    const first = ['dead-letters', 'replay', 'letters/0/1'];
    const killed = await runCommand(dataDir, first, { DANGEROUS_FAILPOINT: 'replay.stored' });
    expect(killed.signal).toBe('SIGKILL');
    expect(reportOf(await runCommand(dataDir, ['verify', '--json']))).toMatchObject({
      exact: true,
      totals: { accepted: 33, stored: 31, deadLettered: 2, missing: 0, surplus: 0 },
    });
    expect(await runCommand(dataDir, first)).toMatchObject({
      code: 0,
      stdout: 'letters/0/1: already-stored\n1 already-stored\n',
    });
    expect((await runCommand(dataDir, first)).stdout).toContain('already-replayed');

    const remaining = ['dead-letters', 'replay', '--all-of', 'an older version could not read it'];
    expect(await runCommand(dataDir, remaining)).toMatchObject({
      code: 0,
      stdout: 'letters/0/2: stored\n1 stored\n',
    });
    expect(await runCommand(dataDir, ['dead-letters', 'replay', 'letters/0/3'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('letters/0/3: stays: not UTF-8'),
    });
    expect((await runCommand(dataDir, ['dead-letters', 'list'])).stdout).toMatch(/^letters\/0\/3 [^\n]*\n$/);
    expect(await answersOf(dataDir)).toMatchObject({
      summary: 32,
      integrity: {
        exact: true,
        totals: { accepted: 33, stored: 32, deadLettered: 1, missing: 0, surplus: 0 },
      },
    });
    const lines = await auditLines(dataDir);
    expect(lines.map(({ target, result }) => `${target} ${result}`).slice(0, 3)).toEqual([
      'letters/0/1 STARTED',
      'letters/0/1 STARTED',
      'letters/0/1 OK',
    ]);
  }, 90_000);

  it('reports a lost row of a replayed dead letter as missing, and counts a dead letter that arrives again only once', async () => {
    const dataDir = await copyWithLetters();
    await runCommand(dataDir, ['dead-letters', 'replay', 'letters/0/1', 'letters/0/2']);
    await withTables(dataDir, async (client) => {
      const store = createClickHouseEventStore(client, systemClock);
      await store.insertDeadLetters([letterOf(1, encodeSessionEvent(readable))]);
      await client.command({
        query:
          "ALTER TABLE session_events DELETE WHERE producer = 'letters' AND sequence = 2 SETTINGS mutations_sync = 2",
      });
      expect((await store.readState()).get('0/letters')).toMatchObject({
        highest: 3,
        holes: [{ first: 2, last: 2 }],
      });
    });
    expect(reportOf(await runCommand(dataDir, ['verify', '--json']))).toMatchObject({
      totals: { accepted: 33, stored: 31, deadLettered: 1, missing: 1, surplus: 0 },
      findings: { holes: [{ producer: 'letters', first: 2, last: 2, inJournal: false }] },
    });
    const replayedAgain = await runCommand(dataDir, ['dead-letters', 'replay', 'letters/0/1', 'letters/0/2']);
    expect(replayedAgain.stdout).toContain('letters/0/1: already-replayed\nletters/0/2: stored\n');
    expect(await runCommand(dataDir, ['verify'])).toMatchObject({ code: 0 });
  }, 60_000);
});
