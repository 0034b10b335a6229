import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));

it('the command line prints the build command, not a stack trace, if dist is missing', () => {
  const checkout = temporaryDirectory('unbuilt');
  mkdirSync(join(checkout, 'bin'));
  copyFileSync(entry, join(checkout, 'bin', 'watmeter.cjs'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'bin', 'watmeter.cjs')], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'watmeter is not built yet. Run: npm ci && npm run build\n',
  });
});
