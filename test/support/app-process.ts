import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settings } from '../../src/app/declared.ts';
import { fixedPorts } from './ports.ts';
import { registerSecret, watchOutput } from './secret-watch/secrets.ts';

/** A process of the built watmeter, started as a user starts it. */
export interface AppProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Returns the complete standard output and standard error of the process. */
  output(): string;
  /** Sends a signal and waits until the process has exited. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export const adminToken = 'test-admin-token-of-at-least-32-characters';
const defaultEntry = fileURLToPath(new URL('../../bin/watmeter.cjs', import.meta.url));
const readyTimeoutMs = 30_000;

/**
 * Returns a free port outside the operating system's ephemeral range, so that it stays free while its process is
 * down.
 */
export async function freePort(): Promise<number> {
  const [port] = await fixedPorts(1);
  if (port === undefined) throw new Error('no port');
  return port;
}

/**
 * Starts `watmeter` on a data directory and waits until it is ready, unless `wait` is false.
 * @param prefix a command that runs the process, such as strace with its options.
 */
export async function startAppProcess(options: {
  dataDir: string;
  /** `gateway`, `consumer` or `api`. Without a role, one process runs all of them. */
  role?: string;
  /** Command-line arguments after the role. */
  args?: readonly string[];
  port?: number;
  env?: Record<string, string>;
  prefix?: readonly string[];
  wait?: boolean;
  /** The program to start. The default is the build in this checkout. */
  entry?: string;
}): Promise<AppProcess> {
  const port = options.port ?? (await freePort());
  const [command = process.execPath, ...args] = [
    ...(options.prefix ?? []),
    process.execPath,
    options.entry ?? defaultEntry,
    ...(options.role === undefined ? [] : [options.role, ...(options.args ?? [])]),
  ];
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    DATA_DIR: options.dataDir,
    ADMIN_TOKEN: adminToken,
    // Tests may override this default. More log output gives the secret watch more text to search.
    LOG_LEVEL: 'trace',
    // The watchdog would kill processes that tests freeze, and log the kills of the fault suites.
    SUPERVISE: 'false',
    ...workersOf(process.env),
    ...options.env,
  };
  registerSettings(env);
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => chunks.push(String(chunk)));
  watchOutput(`watmeter ${options.role ?? 'all'}`, () => chunks.join(''));
  const ended = once(child, 'exit');
  const app: AppProcess = {
    url: `http://127.0.0.1:${port}`,
    child,
    output: () => chunks.join(''),
    async stop(signal = 'SIGTERM') {
      registerGeneratedSecrets(options.dataDir);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await ended;
      }
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
  if (options.wait !== false) {
    await waitUntilReady(app).catch(async (error: unknown) => {
      // The caller never receives the process, so it must be stopped here.
      await app.stop('SIGKILL');
      throw error;
    });
  }
  registerGeneratedSecrets(options.dataDir);
  return app;
}

/** Returns the number of gateway workers as a setting. `TEST_GATEWAY_WORKERS=2 npm test` runs the suite with workers. */
function workersOf({ TEST_GATEWAY_WORKERS }: NodeJS.ProcessEnv): Record<string, string> {
  return TEST_GATEWAY_WORKERS === undefined ? {} : { GATEWAY_WORKERS: TEST_GATEWAY_WORKERS };
}

/** Registers the value of every secret setting. For a URL, registers its password. */
function registerSettings(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, { secret }] of Object.entries(settings)) {
    const value = env[name];
    if (secret !== true || value === undefined) continue;
    const { password } = URL.parse(value) ?? {};
    registerSecret(name, password === undefined || password === '' ? value : decodeURIComponent(password));
  }
}

/** Registers the secrets that a process generates at its first start. */
function registerGeneratedSecrets(dataDir: string): void {
  for (const name of ['master-key', 'admin-token']) {
    try {
      registerSecret(name, readFileSync(join(dataDir, name), 'utf8').trim());
    } catch {
      // The test provided the secret, or the process has not generated it yet.
    }
  }
}

async function waitUntilReady(app: AppProcess): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (app.child.exitCode !== null || app.child.signalCode !== null) {
      throw new Error(`watmeter ended before it was ready:\n${app.output()}`);
    }
    const response = await fetch(`${app.url}/health/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`watmeter was not ready in time:\n${app.output()}`);
}
