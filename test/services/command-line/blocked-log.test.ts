import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { adminToken, freePort } from '../../support/app-process.ts';
import { isLive, until } from '../../support/faults/instance.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));
const timeoutMs = 120_000;

/** Starts watmeter with the given standard error, and waits until it responds. */
async function startWithLog(stderr: number | 'pipe'): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'ignore', stderr],
    env: {
      ...{ PATH: process.env['PATH'], DATA_DIR: temporaryDirectory('blocked-log'), PORT: String(port) },
      ...{ ADMIN_TOKEN: adminToken, LOG_LEVEL: 'trace', SUPERVISE: 'false' },
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // A pipe without a reader that reads: the process writes until the pipe is full.
  child.stderr?.pause();
  const url = `http://127.0.0.1:${port}`;
  await until('it responds', () => isLive(url), timeoutMs);
  return { child, url };
}

async function droppedLines(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^watmeter_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1]);
}

async function expectToWorkAndStop(child: ChildProcess, url: string): Promise<void> {
  const requestUntilDropped = async () => {
    // At the level `trace`, each request writes a line with its user agent and other fields.
    await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/health/live`)));
    return (await droppedLines(url)) > 0;
  };
  await until('lines are dropped', requestUntilDropped, timeoutMs);
  expect(await isLive(url)).toBe(true);
  child.kill('SIGTERM');
  await until('it stops', () => child.exitCode !== null || child.signalCode !== null, timeoutMs);
  expect([child.exitCode, child.signalCode]).toEqual([0, null]);
}

it('a process whose standard error is full drops and counts log lines, works, and stops after SIGTERM', async () => {
  const full = openSync('/dev/full', 'a');
  onTestFinished(() => closeSync(full));
  const { child, url } = await startWithLog(full);
  await expectToWorkAndStop(child, url);
}, 300_000);

it('a process whose log reader has stopped drops and counts log lines, works, and stops after SIGTERM', async () => {
  const { child, url } = await startWithLog('pipe');
  await expectToWorkAndStop(child, url);
}, 300_000);
