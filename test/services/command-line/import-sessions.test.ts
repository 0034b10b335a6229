import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { call, createConfiguration } from '../../support/api.ts';
import { type AppProcess, adminToken, startAppProcess } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const directory = createTemporaryDirectory('import-sessions');
let app: AppProcess;
let configurationId: string;
const start = () => startAppProcess({ dataDir: join(directory.path, 'data'), env: { SINK_LINGER: '20ms' } });
beforeAll(async () => {
  app = await start();
  configurationId = (await createConfiguration(app.url)).id;
}, 60_000);
afterAll(async () => {
  await app?.stop();
  directory.remove();
});

function writeFile(name: string, content: string): string {
  const path = join(directory.path, name);
  writeFileSync(path, content);
  return path;
}

const importFile = (...args: string[]) =>
  runCommand(join(directory.path, 'data'), ['import', 'sessions', ...args, '--url', app.url], {
    ADMIN_TOKEN: adminToken,
  });

async function totalOf(tag: string): Promise<unknown> {
  return (await call(app.url, 'GET', `/api/v1/usage/tags/${tag}`)).body['total'];
}

/** Writes a Parquet file of ten sessions with the engine of ClickHouse, which compresses it with Zstandard. */
async function writeParquet(): Promise<string> {
  const path = join(directory.path, 'sessions.parquet');
  const engine = createEmbeddedClickHouse(join(directory.path, 'engine'));
  await engine.command({
    query: `INSERT INTO FUNCTION file('${path}', 'Parquet')
      SELECT toDateTime64('2025-03-01 00:00:00', 3, 'UTC') + number * 3600 AS time,
        '${configurationId}' AS configurationId, ['parquet', 'file'] AS tags, 'carol' AS viewer FROM numbers(10)`,
  });
  await engine.close();
  return path;
}

describe('watmeter import sessions', () => {
  it('imports CSV with a byte order mark, CRLF, quotes and empty cells', async () => {
    const file = writeFile(
      'sessions.csv',
      `\uFEFFtime,configurationId,tags,viewer,sessionId\r\n` +
        `2025-01-01T00:00:00Z,${configurationId},csv,alice,\r\n` +
        `2025-01-01T02:00:00+01:00,${configurationId},"[""csv"",""a,b""]",,0193703F-7B22-7B8C-847F-65C0E48B2CE2\r\n` +
        `2025-01-01T03:00:00.5Z,${configurationId},,,\r\n`,
    );
    expect(await importFile(file)).toMatchObject({ code: 0, stdout: 'imported 3 sessions\n' });
    expect([await totalOf('csv'), await totalOf('a,b')]).toEqual([2, 1]);
    expect(await importFile(file)).toMatchObject({
      code: 0,
      stdout: 'imported 0 sessions, 3 were imported before\n',
    });
    expect(await totalOf('csv')).toBe(2);
  });

  it('imports JSON Lines, and with --dry-run only validates them', async () => {
    const file = writeFile(
      'sessions.ndjson',
      `${JSON.stringify({ time: '2025-02-01T00:00:00Z', configurationId, tags: ['lines'], viewer: null })}\n\n` +
        `${JSON.stringify({ time: '2025-02-01T00:00:01Z', configurationId, tags: ['lines'] })}\n`,
    );
    expect(await importFile(file, '--dry-run', '--json')).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ rows: 2, stored: 0, dryRun: true })}\n`,
    });
    expect(await totalOf('lines')).toBe(0);
    expect(await importFile(file)).toMatchObject({ code: 0 });
    expect(await totalOf('lines')).toBe(2);
  });

  it('imports a Parquet file', async () => {
    expect(await importFile(await writeParquet())).toMatchObject({
      code: 0,
      stdout: 'imported 10 sessions\n',
    });
    expect([await totalOf('parquet'), await totalOf('file')]).toEqual([10, 10]);
  });

  it.each([
    [
      'an unknown column',
      'time,configurationId,tag\n2025-01-01T00:00:00Z,ID,a\n',
      'row 1: unknown column "tag"',
    ],
    ['a missing column', 'time\n2025-01-01T00:00:00Z\n', 'row 1: configurationId is missing'],
    ['a line with too few cells', 'time,configurationId\n2025-01-01T00:00:00Z\n', 'not CSV'],
    [
      'tags that are not a list',
      'time,configurationId,tags\n2025-01-01T00:00:00Z,ID,[1]\n',
      'row 1: tags must be',
    ],
    [
      'a wrong row after good ones',
      'time,configurationId\n2025-01-01T00:00:00Z,ID\n2025-01-01,ID\n',
      'row 2: time must be an RFC 3339 instant',
    ],
    ['no rows', 'time,configurationId\n', 'the file has no sessions'],
  ])('rejects a file with %s and imports none of its rows', async (_, content, message) => {
    const before = (await call(app.url, 'GET', '/api/v1/usage/summary')).body['total'];
    const file = writeFile('wrong.csv', content.replaceAll('ID', configurationId));
    const { code, stderr } = await importFile(file);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect((await call(app.url, 'GET', '/api/v1/usage/summary')).body['total']).toBe(before);
  });

  it('rejects a file whose format is unknown, that does not exist, or that is not valid Parquet', async () => {
    expect(await importFile(writeFile('sessions.txt', ''))).toMatchObject({ code: 2 });
    expect(await importFile(join(directory.path, 'none.csv'))).toMatchObject({ code: 2 });
    expect(await importFile(writeFile('text.parquet', 'time'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not a readable Parquet file'),
    });
  });

  it('stores each row once if the instance is killed during an import and the import is repeated', async () => {
    const lines = Array.from({ length: 12_000 }, (_, row) =>
      JSON.stringify({
        time: new Date(Date.UTC(2025, 5, 1) + row * 600_000).toISOString(),
        configurationId,
        tags: ['killed'],
      }),
    );
    const file = writeFile('long.jsonl', lines.join('\n'));
    const interrupted = importFile(file);
    await expect.poll(() => totalOf('killed'), { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
    await app.stop('SIGKILL');
    await interrupted;
    app = await start();
    expect(await importFile(file)).toMatchObject({ code: 0 });
    expect(await totalOf('killed')).toBe(12_000);
    const { body } = await call(app.url, 'GET', '/api/v1/usage/integrity');
    expect(body).toMatchObject({ exact: true });
  }, 180_000);
});
