import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exchange, mint } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const page = readFileSync(new URL('../../../docs/how-to/back-up-and-restore.md', import.meta.url), 'utf8');

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

it('the documented backup contains no master key and no token, and a restored process without the key writes no files on start', async () => {
  const folder = temporaryDirectory('backup');
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

  const [, command = ''] =
    /<!-- run by test\/integration\/command-line\/lost-key\.test\.ts -->\n```sh\n(.*?)```/s.exec(page) ?? [];
  execFileSync('sh', ['-ec', command], { cwd: folder });
  const restored = join(folder, 'restored');
  mkdirSync(restored);
  execFileSync('tar', ['-xzf', 'watmeter-backup.tar.gz', '-C', 'restored'], { cwd: folder });
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

  cpSync(join(dataDir, 'master-key'), join(restored, 'master-key'));
  renameSync(dataDir, join(folder, 'lost'));
  const restoredApp = await startAppProcess({ dataDir: restored, env: { ADMIN_TOKEN: '' } });
  expect((await exchange(restoredApp.url, token)).status).toBe(200);
  expect(restoredApp.output()).toContain('npx watmeter admin-token renew');
  await restoredApp.stop();
}, 120_000);
