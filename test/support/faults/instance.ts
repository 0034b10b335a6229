import { call } from '../api.ts';
import { type AppProcess, freePort, startAppProcess } from '../app-process.ts';

/** A watmeter instance with one data directory and one port, across restarts. */
export interface Instance {
  readonly url: string;
  readonly dataDir: string;
  /** Starts a process. Resolves when the process responds or has exited. */
  start(options?: StartOptions): Promise<void>;
  /** Starts a process without waiting until it responds. */
  spawn(options?: StartOptions): Promise<void>;
  isRunning(): boolean;
  /** Resolves with true when the process responds, or with false when it has exited. */
  waitUntilLive(): Promise<boolean>;
  /** Sends SIGKILL and waits until the process has exited. */
  kill(): Promise<void>;
  /** Sends SIGSTOP: connections stay open, but the process does no work. */
  freeze(): void;
  /** Sends SIGCONT. */
  resume(): void;
  /** Resolves with the signal that killed the process. */
  ended(timeoutMs?: number): Promise<NodeJS.Signals | null>;
  /** Stops the process with SIGTERM. @throws Error if its exit code is not 0. */
  stop(): Promise<void>;
  /** Returns the output of the current or last process. */
  output(): string;
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly prefix?: readonly string[];
}

const liveTimeoutMs = 60_000;

/** All running processes. They are killed when this process exits, even if a test timed out. */
const running = new Set<AppProcess>();
process.once('exit', () => {
  for (const { child } of running) child.kill('SIGKILL');
});
const pollMs = 15;

/** Creates an instance. `common` is the role and environment of all its processes. */
export async function createInstance(
  dataDir: string,
  common: { readonly role?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Instance> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let app: AppProcess | undefined;

  const isRunning = () => app !== undefined && app.child.exitCode === null && app.child.signalCode === null;
  const output = () => app?.output() ?? '';

  async function spawn({ env = {}, prefix = [] }: StartOptions = {}): Promise<void> {
    if (isRunning()) throw new Error('the process is already running');
    const started = await startAppProcess({
      dataDir,
      port,
      prefix,
      wait: false,
      ...(common.role !== undefined && { role: common.role }),
      env: { LOG_LEVEL: 'warn', ...common.env, ...env },
    });
    running.add(started);
    started.child.once('exit', () => running.delete(started));
    app = started;
  }

  async function waitUntilLive(): Promise<boolean> {
    const deadlineMs = Date.now() + liveTimeoutMs;
    while (isRunning()) {
      if (await isLive(url)) return true;
      if (Date.now() > deadlineMs) throw new Error(`watmeter does not answer:\n${output()}`);
      await sleep(pollMs);
    }
    return false;
  }

  return {
    url,
    dataDir,
    spawn,
    isRunning,
    waitUntilLive,
    output,
    async start(options) {
      await spawn(options);
      await waitUntilLive();
    },
    async kill() {
      await app?.stop('SIGKILL');
    },
    freeze: () => void app?.child.kill('SIGSTOP'),
    resume: () => void app?.child.kill('SIGCONT'),
    async ended(timeoutMs = 60_000) {
      await until('the process ends', () => !isRunning(), timeoutMs);
      return app?.child.signalCode ?? null;
    },
    async stop() {
      const end = await app?.stop('SIGTERM');
      if (end?.code !== 0)
        throw new Error(`watmeter did not stop cleanly: ${JSON.stringify(end)}\n${output()}`);
    },
  };
}

export async function isLive(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/live`).catch(() => undefined);
  await response?.arrayBuffer().catch(() => {});
  return response?.status === 200;
}

export interface Readiness {
  readonly status: number;
  /** The problem that each part of the process reports, by the name of the part. The value is null without a problem. */
  readonly troubles: Readonly<Record<string, string | null>>;
}

export async function readReadiness(url: string): Promise<Readiness> {
  const { status, body } = await call(url, 'GET', '/health/ready');
  const parts = body['parts'] as { name: string; trouble: string | null }[];
  return { status, troubles: Object.fromEntries(parts.map(({ name, trouble }) => [name, trouble])) };
}

/** Waits until every event in the journal is stored. */
export async function waitUntilStored(instance: Instance, timeoutMs = 60_000): Promise<void> {
  const isStored = async () => {
    if (!instance.isRunning())
      throw new Error(`watmeter ended before everything was stored:\n${instance.output()}`);
    const { text } = await call(instance.url, 'GET', '/metrics');
    return /^watmeter_journal_pending_events 0$/m.test(text);
  };
  await until('everything is stored', isStored, timeoutMs, instance.output);
}

/** Polls until a condition is true. @throws Error with `condition` if it is not true within `timeoutMs`. */
export async function until(
  condition: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  detail: () => string = () => '',
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${condition}\n${detail()}`);
    await sleep(pollMs);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
