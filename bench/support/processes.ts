import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Root directory of the project. The path is relative to dist/bench/support, because the compiled code runs there.
 */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** Returns the user and system CPU time of a process, including all its threads and child processes. */
export function cpuMsOf(pid: number | undefined): number {
  const { children, ticks } = readProcesses();
  const sumOf = (one: number): number =>
    (children.get(one) ?? []).reduce((sum, child) => sum + sumOf(child), ticks.get(one) ?? 0);
  return pid === undefined ? 0 : (sumOf(pid) / ticksPerSecond) * 1000;
}

function cpuMsIn(stat: string): number {
  const fields = fieldsOf(stat);
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
}

/**
 * Returns the fields of a line in /proc/PID/stat, starting with the state. The field before it is the name of the
 * process in parentheses, which may contain any character.
 */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Returns the name and the CPU time of each thread of a process, by thread id. */
export function threadCpuMsOf(pid: number | undefined): Map<string, { name: string; cpuMs: number }> {
  const threads = new Map<string, { name: string; cpuMs: number }>();
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    try {
      const name = readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim();
      threads.set(id, { name, cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8')) });
    } catch {
      // The thread exited before its files were read.
    }
  }
  return threads;
}

/** Returns the resident memory of a process, in MiB. */
export function residentMbOf(pid: number | undefined): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Returns the CPU time of the whole machine, over all cores. */
export function machineCpuMs(): number {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = total.split(/\s+/).slice(1).map(Number);
  return ((user + nice + system + irq + softirq) / ticksPerSecond) * 1000;
}

/** Returns the CPU time of this process and all its descendants. */
export function ownCpuMs(): number {
  return cpuMsOf(process.pid);
}

/**
 * Returns the child processes of every process, and the CPU time of every process in ticks. The ticks include those
 * of children that have exited.
 */
function readProcesses(): { children: Map<number, number[]>; ticks: Map<number, number> } {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFieldsOf(name);
    const pid = Number(name);
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    ticks.set(
      pid,
      fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0),
    );
  }
  return { children, ticks };
}

function statFieldsOf(pid: string): string[] {
  try {
    return fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // The process exited before its file was read.
    return [];
  }
}

/**
 * Waits until a process is almost idle, but at most `limitMs`. Returns the CPU time that the process used in the
 * meantime.
 */
export async function settle(pid: number | undefined, limitMs = 20_000): Promise<number> {
  const deadlineMs = performance.now() + limitMs;
  const startCpuMs = cpuMsOf(pid);
  let lastCpuMs = startCpuMs;
  while (performance.now() < deadlineMs) {
    await sleep(400);
    const nowCpuMs = cpuMsOf(pid);
    if (nowCpuMs - lastCpuMs <= 20) break;
    lastCpuMs = nowCpuMs;
  }
  return cpuMsOf(pid) - startCpuMs;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Returns a port on which no process listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Runs `work` with a new directory. Removes the directory afterwards, even if this process is terminated. */
export async function withDirectory<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), 'watmeter-bench-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    return await work(path);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** A server in a separate process. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Path that is polled until its response has status 200. */
  readonly readyPath: string;
  readonly pollMs?: number;
  /**
   * True if `stop` terminates the whole process group. Needed for commands such as npm, which start other processes.
   */
  readonly group?: boolean;
}

const readyTimeoutMs = 60_000;

/** Starts a server with a PORT in its environment, and waits until the server is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const child = spawn(options.command, options.args, {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: String(port), ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: options.group === true,
  });
  const kill = () => child.kill('SIGKILL');
  process.prependListener('exit', kill);
  child.on('exit', () => process.off('exit', kill));
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  const server: ServerProcess = {
    url,
    port,
    child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const ended = once(child, 'exit');
      if (options.group === true) await endGroup(child.pid, signal);
      else child.kill(signal);
      await ended;
    },
  };
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (!(await answersOk(url + options.readyPath))) {
    const over = child.exitCode !== null || child.signalCode !== null || performance.now() > deadlineMs;
    if (over) {
      await server.stop('SIGKILL');
      throw new Error(`${options.command} ${options.args.join(' ')} was not ready:\n${errors.join('')}`);
    }
    await sleep(options.pollMs ?? 20);
  }
  return server;
}

/**
 * Sends a signal to a process group, and waits until all its processes have exited. npm may exit before its children.
 */
async function endGroup(leader: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(-leader, signal);
  for (;;) {
    await sleep(20);
    try {
      process.kill(-leader, 0);
    } catch {
      return;
    }
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Runs a compiled module of bench/ in a separate process, and returns the JSON that the module prints. */
export async function runModule<T>(path: string, input: unknown): Promise<T> {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', join(projectRoot, 'dist', 'bench', path), JSON.stringify(input)],
    {
      // bin/watmeter.cjs sets the same value.
      env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${path} failed`);
  return JSON.parse(output.join(''));
}
