import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuMsOf, projectRoot } from '../support/processes.ts';

/** A Node.js process that runs until it is stopped. */
export interface NodeProcess {
  readonly pid: number;
  /** Returns the CPU time of all its threads. */
  cpuMs(): number;
  /** @throws Error if the process exited before it was stopped. */
  checkAlive(): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** With BENCH_PROFILE_DIR, each process writes a CPU profile to that directory. */
const profiling = (directory = process.env['BENCH_PROFILE_DIR']) =>
  directory === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', directory];

/** Starts a Node.js process that exits with this one. */
export function startNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): NodeProcess {
  const child = spawn(process.execPath, [...profiling(), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const kill = () => child.kill('SIGKILL');
  process.prependListener('exit', kill);
  child.on('exit', () => process.off('exit', kill));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    cpuMs: () => cpuMsOf(child.pid),
    checkAlive() {
      if (hasEnded()) throw new Error(`${args.join(' ')} ended:\n${output.join('').slice(-4000)}`);
    },
    async stop(signal = 'SIGTERM') {
      if (hasEnded()) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

/** Starts a compiled module of bench/ with the heap and thread settings of bin/watmeter.cjs. */
export function startModule(path: string, input: unknown): NodeProcess {
  const module = join(projectRoot, 'dist', 'bench', path);
  return startNode(['--max-semi-space-size=64', module, JSON.stringify(input)], { UV_THREADPOOL_SIZE: '12' });
}
