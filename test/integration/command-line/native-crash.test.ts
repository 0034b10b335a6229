import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { isLive, until } from '../../support/faults/instance.ts';
import { childrenOf } from '../../support/processes.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** A crashed process that keeps the engine's signal handlers stays for 5 minutes. */
const endTimeoutMs = 60_000;
const startTimeoutMs = 120_000;

let app: AppProcess | undefined;
afterEach(() => app?.stop('SIGKILL'));

async function startWatched(dataDir: string): Promise<AppProcess> {
  const started = await startAppProcess({ dataDir, env: { SUPERVISE: 'true' }, wait: false });
  app = started;
  await until('it responds', () => isLive(started.url), startTimeoutMs, started.output);
  return started;
}

/** Waits until the process has ended. Returns its exit code, its signal, and the fatal lines of its log. */
async function endOf({ child, output }: AppProcess) {
  await until('the process ends', () => child.exitCode !== null || child.signalCode !== null, endTimeoutMs);
  // The pipe closes when the watchdog, which shares standard error, has ended too.
  if (child.stderr?.closed === false) await once(child.stderr, 'close');
  const fatal = output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":60'))
    .map((line) => JSON.parse(line));
  return { code: child.exitCode, signal: child.signalCode, fatal };
}

it('a native crash ends the process with its signal and one log line, and a restart counts every answered session once, also without its watchdog', async () => {
  const dataDir = temporaryDirectory('native-crash');
  let token = '';
  for (const signal of ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL'] as const) {
    const started = await startWatched(dataDir);
    if (token === '') token = await mint(await createConfiguration(started.url), { sub: 'ann' });
    expect((await exchange(started.url, token)).status).toBe(200);
    started.child.kill(signal);
    expect(await endOf(started)).toEqual({
      ...{ code: null, signal },
      fatal: [
        {
          ...{ level: 60, time: expect.any(String), part: 'watmeter start', pid: started.child.pid },
          msg: expect.stringContaining('ended without stopping: a native crash in ClickHouse (chdb)'),
        },
      ],
    });
  }
  const restarted = await startWatched(dataDir);
  const total = async () => (await call(restarted.url, 'GET', '/api/v1/usage/summary')).body['total'];
  await until('all sessions are stored', async () => (await total()) === 4, endTimeoutMs);

  const children = childrenOf(restarted.child.pid);
  expect(children).toHaveLength(1);
  process.kill(children[0] as number, 'SIGKILL');
  await until('the end is logged', () => restarted.output().includes('the watchdog has ended'), endTimeoutMs);
  expect((await call(restarted.url, 'GET', '/health/live')).status).toBe(200);
  restarted.child.kill('SIGTERM');
  expect(await endOf(restarted)).toEqual({ code: 0, signal: null, fatal: [] });
}, 600_000);

/** Runs a small program with a watchdog. */
async function runWatched(task: 'freeze' | 'exit') {
  const program = fileURLToPath(new URL('../../support/watched-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, task], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [output, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { pid: child.pid, code, signal, lines: output.split('\n').filter(Boolean) };
}

it('a process whose event loop is blocked is killed, and one log line says so', async () => {
  const { pid, signal, lines } = await runWatched('freeze');
  expect(signal).toBe('SIGKILL');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    ...{ level: 60, part: 'test', pid },
    msg: expect.stringMatching(/^test is frozen: its event loop has not run for \d+ s/),
  });
}, 90_000);

it('the watchdog writes no line when the process exits', async () => {
  expect(await runWatched('exit')).toMatchObject({ code: 3, signal: null, lines: [] });
}, 90_000);
