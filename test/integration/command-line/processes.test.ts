import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));

/** Reports the native modules that a process has loaded when it ends: the engine, the stores of the journal and of control. */
const probe = `process.on('exit', () => {
  const { sharedObjects } = process.report.getReport();
  process.stderr.write('native:' + sharedObjects.filter((path) => path.endsWith('.node')).length + '\\n');
});`;

function nativeModulesOf(...args: string[]) {
  const folder = temporaryDirectory('cold-start');
  const file = join(folder, 'probe.cjs');
  writeFileSync(file, probe);
  const { status, stderr } = spawnSync(process.execPath, ['--require', file, entry, ...args], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder },
    encoding: 'utf8',
  });
  return { code: status, natives: Number(/native:(\d+)/.exec(stderr)?.[1]) };
}

it('version, help and usage errors load no native module; a command loads its own', () => {
  expect(nativeModulesOf('--version')).toEqual({ code: 0, natives: 0 });
  expect(nativeModulesOf('verify', '--help')).toEqual({ code: 0, natives: 0 });
  expect(nativeModulesOf('verify', '--fast')).toEqual({ code: 2, natives: 0 });
  expect(nativeModulesOf('token', 'configurations', 'list', '--limit', 'ten')).toEqual({
    code: 2,
    natives: 0,
  });
  const verify = nativeModulesOf('verify');
  expect(verify.code).toBe(1);
  expect(verify.natives).toBeGreaterThan(0);
}, 60_000);
