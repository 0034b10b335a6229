import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { adminToken } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const instance = useInstance();
const page = readFileSync(new URL('../../../docs/reference/command-line.md', import.meta.url), 'utf8');
const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));

it('the example in docs/reference/command-line.md works', async () => {
  const folder = temporaryDirectory('command-line');
  const program = join(folder, 'npx');
  writeFileSync(program, `#!/bin/sh\nshift\nexec '${process.execPath}' '${entry}' "$@"\n`);
  chmodSync(program, 0o755);
  const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, command = '']) => command);
  expect(commands).toHaveLength(1);
  const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', commands.join('\n')], {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      DATA_DIR: folder,
      ADMIN_TOKEN: adminToken,
      PORT: new URL(instance().url).port,
    },
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^valid\n/);
  expect(stdout).toMatch(/\nrotated [0-9a-f]{24} "Portal": older keys are accepted until /);
  expect(stdout).toMatch(/\ntime zone {6}Europe\/Berlin\nlast used {6}never\n/);
  for (const name of ['portal.pub', 'portal-2.pub', 'wat.txt'])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it('a command that waits for a slow response reports the wait once on standard error', async () => {
  const server = createServer((_, response) => {
    setTimeout(() => response.end('{"items":[],"nextCursor":null}'), 2500);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ADMIN_TOKEN: adminToken };
  const args = ['token', 'configurations', 'list', '--url', url];
  expect(await runCommand(temporaryDirectory('slow'), args, env)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `waiting for ${url} ...\nThere are no token configurations. Create one: npx watmeter token configurations create NAME\n`,
  });
});
