import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { type CommandEnd, runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The command prefix that runs a process in its own pseudo-terminal. */
const onTerminal = ['sh', '-c', 'exec script -qefc "$*" /dev/null', 'sh'];
const hasTerminals = spawnSync('script', ['-qefc', 'true', '/dev/null']).status === 0;
if (!hasTerminals)
  console.log('SKIPPED: a first start on a terminal. It needs the `script` command of util-linux.');

const start = async (dataDir: string, prefix: readonly string[] = []): Promise<AppProcess> => {
  const app = await startAppProcess({ dataDir, env: { ADMIN_TOKEN: '' }, prefix });
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
};
/** Lists configurations with the given token. Without a token, the command uses the token in the data directory. */
function listConfigurations(dataDir: string, app: AppProcess, token?: string): Promise<CommandEnd> {
  const args = ['token', 'configurations', 'list', '--url', app.url];
  return token === undefined
    ? runCommand(dataDir, args)
    : runCommand(dataDir, [...args, '--api-token-file', '-'], {}, { stdin: token });
}

const surroundings: [string, readonly string[]][] = [['in the background', []]];
if (hasTerminals) surroundings.push(['on a terminal', onTerminal]);

it.each(surroundings)(
  'a first start %s writes the administrator token to a file that the command line and the demo read',
  async (_, prefix) => {
    const dataDir = temporaryDirectory('first-start');
    const app = await start(dataDir, prefix);
    const file = join(dataDir, 'admin-token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(app.output()).toContain(`Admin token  in ${file}`);
    expect(app.output()).not.toContain('wmt_');
    expect(await listConfigurations(dataDir, app)).toMatchObject({ code: 0 });
    const demo = ['scripts/demo.mjs', '--url', app.url, '--sessions', '8'];
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir };
    expect(execFileSync(process.execPath, demo, { cwd: root, env, encoding: 'utf8' })).toMatch(/all +8 +8/);

    const otherDir = temporaryDirectory('other-start');
    writeFileSync(join(otherDir, 'admin-token'), 'wmt_admin_of-another-instance\n');
    const wrongEnv = { ...env, DATA_DIR: otherDir };
    const rejected = spawnSync(process.execPath, demo, { cwd: root, env: wrongEnv, encoding: 'utf8' });
    expect([rejected.status, rejected.stderr]).toEqual([
      1,
      expect.stringContaining(`rejects the administrator token in ${otherDir}/admin-token: set DATA_DIR`),
    ]);
  },
  90_000,
);

it('the renewal of the administrator token overwrites the token file, and recreates the file if it was deleted', async () => {
  const dataDir = temporaryDirectory('renewed-token');
  const app = await start(dataDir);
  const file = join(dataDir, 'admin-token');
  const first = readFileSync(file, 'utf8');
  const renewed = await runCommand(dataDir, ['admin-token', 'renew']);
  expect(renewed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^wmt_admin_/) });
  expect(renewed.stdout).not.toBe(first);
  expect(readFileSync(file, 'utf8')).toBe(renewed.stdout);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await listConfigurations(dataDir, app)).toMatchObject({ code: 0 });
  expect(await listConfigurations(dataDir, app, first)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not valid'),
  });

  rmSync(file);
  expect(await listConfigurations(dataDir, app)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('an API token is required'),
  });
  await runCommand(dataDir, ['admin-token', 'renew']);
  expect(await listConfigurations(dataDir, app)).toMatchObject({ code: 0 });
}, 90_000);
