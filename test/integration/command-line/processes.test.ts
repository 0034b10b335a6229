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

/** Runs the built command line with settings. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const folder = temporaryDirectory('command-line');
  const file = join(folder, 'probe.cjs');
  writeFileSync(file, probe);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', file, entry, ...args], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr, natives: Number(/native:(\d+)/.exec(stderr)?.[1]) };
}

function nativeModulesOf(...args: string[]) {
  const { code, natives } = run(args);
  return { code, natives };
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

it('a process with faulty settings ends with code 1 and lists every fault', () => {
  const faulty = run([], { PORT: 'x', LOG_LEVEL: 'loud' });
  expect(faulty).toMatchObject({ code: 1, stdout: '' });
  expect(faulty.stderr).toMatch(/^watmeter start: the settings have faults:\n/);
  expect(faulty.stderr).toMatch(/^ {2}PORT must/m);
  expect(faulty.stderr).toMatch(/^ {2}LOG_LEVEL must/m);
  const consumer = run(['consumer']);
  expect(consumer).toMatchObject({ code: 1, stdout: '' });
  expect(consumer.stderr).toMatch(
    /KAFKA_BROKERS must be set for the role consumer[\s\S]*CLICKHOUSE_URL must/,
  );
}, 60_000);
