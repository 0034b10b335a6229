import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));

/**
 * Prints the number of loaded native modules when the process exits. Native modules are the ClickHouse engine and the
 * libraries of the journal and the control store.
 */
const probe = `process.on('exit', () => {
  const { sharedObjects } = process.report.getReport();
  process.stderr.write('native:' + sharedObjects.filter((path) => path.endsWith('.node')).length + '\\n');
});`;

/** Runs the built command line with the given arguments and environment. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const folder = temporaryDirectory('command-line');
  const file = join(folder, 'probe.cjs');
  writeFileSync(file, probe);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', file, entry, ...args], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr, nativeModules: Number(/native:(\d+)/.exec(stderr)?.[1]) };
}

function countNativeModules(...args: string[]) {
  const { code, nativeModules } = run(args);
  return { code, nativeModules };
}

it('--version, --help and usage errors do not load native modules, and the command verify does', () => {
  expect(countNativeModules('--version')).toEqual({ code: 0, nativeModules: 0 });
  expect(countNativeModules('verify', '--help')).toEqual({ code: 0, nativeModules: 0 });
  expect(countNativeModules('verify', '--fast')).toEqual({ code: 2, nativeModules: 0 });
  expect(countNativeModules('token', 'configurations', 'list', '--limit', 'ten')).toEqual({
    code: 2,
    nativeModules: 0,
  });
  const verify = countNativeModules('verify');
  expect(verify.code).toBe(1);
  expect(verify.nativeModules).toBeGreaterThan(0);
}, 60_000);

it('a first start on a port that is in use says to set PORT, and does not create a data directory', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const dataDir = join(temporaryDirectory('port-in-use'), 'data');
  const PORT = String((server.address() as AddressInfo).port);
  const { code, stderr } = run([], { DATA_DIR: dataDir, PORT });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^watmeter start: listen EADDRINUSE.*\nSet PORT to another port/m);
  expect(existsSync(dataDir)).toBe(false);
}, 60_000);

it('a process with invalid settings exits with code 1 and lists every invalid setting', () => {
  const faulty = run([], { PORT: 'x', LOG_LEVEL: 'loud' });
  expect(faulty).toMatchObject({ code: 1, stdout: '' });
  expect(faulty.stderr).toMatch(/^watmeter start: the settings are not valid:\n/);
  expect(faulty.stderr).toMatch(/^ {2}PORT must/m);
  expect(faulty.stderr).toMatch(/^ {2}LOG_LEVEL must/m);
  const consumer = run(['consumer']);
  expect(consumer).toMatchObject({ code: 1, stdout: '' });
  expect(consumer.stderr).toMatch(
    /KAFKA_BROKERS must be set for the role consumer[\s\S]*CLICKHOUSE_URL must/,
  );
}, 60_000);
