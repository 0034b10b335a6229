import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { adminToken } from '../../support/app-process.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const instance = useInstance();
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Returns the shell blocks of a page that have the marker "run by" of this test, in order. */
function markedBlocks(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = text.matchAll(
    /<!-- run by test\/services\/docs\/tutorials\.test\.ts -->\n```sh\n(.*?)```/gs,
  );
  return [...blocks].map(([, block = '']) => block);
}

/** Runs shell text in a new directory, where `npx watmeter` is the built command of this checkout. */
async function runShell(script: string): Promise<{ folder: string; stdout: string; stderr: string }> {
  const folder = temporaryDirectory('tutorial');
  const npx = join(folder, 'npx');
  writeFileSync(
    npx,
    `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(root, 'bin/watmeter.cjs')}' "$@"\n`,
  );
  chmodSync(npx, 0o755);
  const { port } = new URL(instance().url);
  const { stdout, stderr } = await promisify(execFile)(
    'sh',
    ['-ec', script.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)],
    {
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        DATA_DIR: folder,
        ADMIN_TOKEN: adminToken,
        PORT: port,
      },
    },
  );
  return { folder, stdout, stderr };
}

it('the commands of "Your first session" count one session', async () => {
  const blocks = markedBlocks('docs/tutorials/first-session.md');
  expect(blocks).toHaveLength(4);
  const { folder, stdout, stderr } = await runShell(blocks.join('\n'));
  expect(stderr).not.toMatch(/error|not valid/i);
  expect(stdout).toMatch(/^[0-9a-f]{24}\nvalid\n/);
  expect(stdout).toMatch(/"webSessionToken":"wms1\./);
  expect(stdout).toMatch(/time zone\s+Europe\/Berlin/);
  expect(stdout).toMatch(/total\s+1\n/);
  expect(statSync(join(folder, 'newsletter.pub')).mode & 0o777).toBe(0o600);
});
