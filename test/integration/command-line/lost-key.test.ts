import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { createReaderDirectory, readCommands, runCommands } from '../../support/documented-commands.ts';

const blocks = readCommands(
  'docs/how-to/back-up-and-restore.md',
  'test/integration/command-line/lost-key.test.ts',
);

/** Returns every path in a directory tree with its size and modification time. */
function listFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== 'lock')
    .map((path) => {
      const { size, mtimeMs } = statSync(join(directory, path));
      return `${path} ${size} ${mtimeMs}`;
    })
    .sort();
}

it('the commands of back-up-and-restore.md restore the data and do not copy secrets, and a restored process without the key does not write files', async () => {
  expect(blocks).toHaveLength(4);
  const [backUp = '', unpack = '', addKey = '', renewAndVerify = ''] = blocks;
  const folder = createReaderDirectory();
  rmSync(join(folder, 'data'), { recursive: true });
  const dataDir = join(folder, 'data');
  const app = await startAppProcess({ dataDir, env: { ADMIN_TOKEN: '' } });
  const create = [
    'token',
    'configurations',
    'create',
    'Portal',
    '--key-file',
    '-',
    '--json',
    '--url',
    app.url,
  ];
  const configuration = JSON.parse((await runCommand(dataDir, create)).stdout);
  const token = await mint(configuration, { sub: 'alice' });
  await app.stop();

  const run = (block: string, env = {}) => runCommands([block], { folder, url: app.url, env });
  const keyCopy = join(folder, 'key-copy');
  await run(backUp);
  cpSync(join(dataDir, 'master-key'), keyCopy);
  renameSync(dataDir, join(folder, 'lost'));
  await run(unpack);
  const restored = join(folder, 'restored/data');
  const names = readdirSync(restored);
  expect(names).toEqual(expect.arrayContaining(['clickhouse', 'control', 'journal']));
  expect(names.filter((name) => /key|token/.test(name))).toEqual([]);

  const before = listFiles(restored);
  for (const args of [['start'], ['admin-token', 'renew']]) {
    const refused = await runCommand(restored, args, { PORT: '0' });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/master-key is missing, and .* Put the file back, or set MASTER_KEY/);
  }
  expect(listFiles(restored)).toEqual(before);

  await run(addKey, { KEY_COPY: keyCopy });
  const restoredApp = await startAppProcess({ dataDir: restored, env: { ADMIN_TOKEN: '' } });
  expect((await exchange(restoredApp.url, token)).status).toBe(200);
  expect(restoredApp.output()).toContain('npx watmeter admin-token renew');
  await restoredApp.stop();

  const { stdout } = await run(renewAndVerify);
  expect(existsSync(join(restored, 'admin-token'))).toBe(true);
  expect(stdout).toContain('Exact: no event is missing');
}, 120_000);

it('a process does not start with an emptied or shortened key file, and warns if other users can read it', async () => {
  const folder = createReaderDirectory();
  const dataDir = join(folder, 'data');
  rmSync(dataDir, { recursive: true, force: true });
  const keyFile = join(dataDir, 'master-key');
  mkdirSync(dataDir, { mode: 0o700 });
  for (const key of ['', '\n', 'k', 'k'.repeat(31)]) {
    writeFileSync(keyFile, key, { mode: 0o600 });
    const before = listFiles(dataDir);
    const refused = await runCommand(dataDir, ['start'], { PORT: '0' });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('at least 32 characters')]);
    expect(listFiles(dataDir)).toEqual(before);
  }
  writeFileSync(keyFile, 'k'.repeat(32));
  chmodSync(keyFile, 0o644);
  const app = await startAppProcess({ dataDir });
  await app.stop();
  expect(app.output()).toMatch(/chmod 600/);
}, 120_000);
