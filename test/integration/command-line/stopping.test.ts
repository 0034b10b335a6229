import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { lockDataDirectory } from '../../../src/platform/files/data-directory.ts';
import { freePort } from '../../support/app-process.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts the built watmeter through npm, like a service manager does. Resolves when watmeter is ready. */
async function startWithNpm(script: string, dataDir: string): Promise<ChildProcess> {
  // --ignore-scripts skips the build that runs before `start`: tests use the existing build.
  const child = spawn('npm', ['run', script, '--ignore-scripts'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(await freePort()), LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // Every process of the process group has ended.
    }
  });
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    if (output.includes('watmeter is ready')) return child;
  }
  throw new Error(`npm run ${script} ended: ${output}`);
}

it.each([
  ['start', 'SIGTERM'],
  ['dev', 'SIGINT'],
] as const)(
  'npm run %s stops watmeter and releases the data directory when npm receives %s',
  async (script, signal) => {
    const dataDir = temporaryDirectory('npm-start');
    const npm = await startWithNpm(script, dataDir);
    expect(() => lockDataDirectory(dataDir)).toThrow(/in use by another watmeter process/);
    const ended = once(npm, 'exit');
    npm.kill(signal);
    await ended;
    lockDataDirectory(dataDir).release();
  },
  90_000,
);
