import { call } from '../api.ts';
import { type AppProcess, freePort, startAppProcess } from '../app-process.ts';

/** One watmeter on one data directory and one port, through all its lives. */
export interface Instance {
  readonly url: string;
  readonly dataDir: string;
  /** Starts a process; resolves when it answers, or when it died before that. */
  start(options?: LifeOptions): Promise<void>;
  /** Starts a process and does not wait until it answers. */
  spawn(options?: LifeOptions): Promise<void>;
  isRunning(): boolean;
  /** Resolves when it answers; false when it is dead. */
  waitUntilLive(): Promise<boolean>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: its connections stay open, and it does nothing. */
  freeze(): void;
  /** SIGCONT. */
  resume(): void;
  /** Resolves with the signal that ended the process. */
  ended(timeoutMs?: number): Promise<NodeJS.Signals | null>;
  /** Stops it as an operator does. @throws Error when it does not end by itself with code 0. */
  stop(): Promise<void>;
  /** What the present process, or the last one, wrote. */
  output(): string;
}

export interface LifeOptions {
  readonly env?: Record<string, string>;
  readonly prefix?: readonly string[];
}

const liveTimeoutMs = 60_000;

/** A test that runs out of time must not leave its process behind. */
const running = new Set<AppProcess>();
process.once('exit', () => {
  for (const { child } of running) child.kill('SIGKILL');
});
const pollMs = 15;

/** @param life what all its processes have in common: a role, the stores they share. */
export async function createInstance(
  dataDir: string,
  life: { readonly role?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Instance> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let app: AppProcess | undefined;

  const isRunning = () => app !== undefined && app.child.exitCode === null && app.child.signalCode === null;
  const output = () => app?.output() ?? '';

  async function spawn({ env = {}, prefix = [] }: LifeOptions = {}): Promise<void> {
    if (isRunning()) throw new Error('it runs already');
    const started = await startAppProcess({
      dataDir,
      port,
      prefix,
      wait: false,
      ...(life.role !== undefined && { role: life.role }),
      env: { LOG_LEVEL: 'warn', ...life.env, ...env },
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
  /** By part: what is wrong with it, or null. */
  readonly troubles: Readonly<Record<string, string | null>>;
}

export async function readReadiness(url: string): Promise<Readiness> {
  const { status, body } = await call(url, 'GET', '/health/ready');
  const parts = body['parts'] as { name: string; trouble: string | null }[];
  return { status, troubles: Object.fromEntries(parts.map(({ name, trouble }) => [name, trouble])) };
}

/** Resolves when everything in the journal is stored. */
export async function waitUntilStored(instance: Instance, timeoutMs = 60_000): Promise<void> {
  const isStored = async () => {
    if (!instance.isRunning()) throw new Error(`watmeter died while it stored:\n${instance.output()}`);
    const { text } = await call(instance.url, 'GET', '/metrics');
    return /^watmeter_journal_pending_events 0$/m.test(text);
  };
  await until('everything is stored', isStored, timeoutMs, instance.output);
}

/** Tries again and again until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  detail: () => string = () => '',
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}\n${detail()}`);
    await sleep(pollMs);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
