import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const dayMs = 86_400_000;
const preload = pathToFileURL(join(import.meta.dirname, '../../support/stepped-clock.mjs')).href;

/** Starts watmeter with a wall clock that `setClock` moves by an offset. */
async function startWithClock(dataDir: string) {
  const file = join(dataDir, 'clock-offset');
  const setClock = (offsetMs: number) => {
    // A rename is atomic, so the process never reads an empty file.
    writeFileSync(`${file}.new`, String(offsetMs));
    renameSync(`${file}.new`, file);
  };
  setClock(0);
  const env = { NODE_OPTIONS: `--import ${preload}`, CLOCK_OFFSET_FILE: file, SINK_LINGER: '20ms' };
  const app = await startAppProcess({ dataDir, env });
  onTestFinished(() => app.stop('SIGKILL').then(() => {}));
  return { app, setClock };
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function usage({ url }: AppProcess, total: number) {
  return until(async () => {
    const { body } = await call(url, 'GET', '/api/v1/usage/summary');
    return body['total'] === total ? body : undefined;
  });
}

async function clockTrouble({ url }: AppProcess, pattern: RegExp) {
  return until(async () => {
    const { status, body } = await call(url, 'GET', '/health/ready');
    const parts = body['parts'] as { name: string; trouble: string | null }[];
    const trouble = parts.find(({ name }) => name === 'clock')?.trouble ?? '';
    return pattern.test(trouble) ? { status, overall: body['status'] } : undefined;
  });
}

it('watmeter misdates only the session that it accepted while its clock was 10 days ahead, also after a restart', async () => {
  const dataDir = temporaryDirectory('clock');
  const { app, setClock } = await startWithClock(dataDir);
  const configuration = await createConfiguration(app.url);
  const token = await mint(configuration, {
    sub: 'alice',
    exp: Math.floor((Date.now() + 30 * dayMs) / 1000),
  });
  const accept = async ({ url }: AppProcess) => expect((await exchange(url, token)).status).toBe(200);

  await accept(app);
  setClock(10 * dayMs);
  await accept(app);
  expect(await clockTrouble(app, /jumped ahead.*240 h/)).toEqual({ status: 200, overall: 'degraded' });
  setClock(0);
  await accept(app);
  expect(await clockTrouble(app, /stepped back/)).toEqual({ status: 200, overall: 'degraded' });
  await accept(app);
  const during = await usage(app, 4);
  expect(during['today']).toBe(3);
  expect(Date.parse(String(during['completeThrough']))).toBeLessThanOrEqual(Date.now());
  const { text: metrics } = await call(app.url, 'GET', '/metrics');
  for (const direction of ['ahead', 'back'])
    expect(metrics).toMatch(new RegExp(`^watmeter_clock_steps_total\\{direction="${direction}"\\} 1$`, 'm'));
  expect(app.output()).toMatch(/"direction":"back".*the clock stepped back/);
  await app.stop();

  const restarted = await startAppProcess({ dataDir, env: { SINK_LINGER: '20ms' } });
  onTestFinished(() => restarted.stop('SIGKILL').then(() => {}));
  await accept(restarted);
  const after = await usage(restarted, 5);
  expect(after['today']).toBe(4);
  expect(Date.parse(String(after['completeThrough']))).toBeLessThanOrEqual(Date.now());
  await restarted.stop();

  const { code, stdout } = await runCommand(dataDir, ['verify', '--clock', '--json']);
  const { misdated } = JSON.parse(stdout) as { misdated: { sequence: number; time: string }[] };
  expect(code).toBe(1);
  expect(misdated).toMatchObject([{ partition: 0, sequence: 2 }]);
  expect(Date.parse(misdated[0]?.time ?? '')).toBeGreaterThan(Date.now() + 9 * dayMs);
  const { code: exact } = await runCommand(dataDir, ['verify', '--quick']);
  expect(exact).toBe(0);
}, 90_000);
