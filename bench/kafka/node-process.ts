import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuMsOf, projectRoot } from '../support/processes.ts';

/** A Node.js process that runs until it is stopped. */
export interface NodeProcess {
  readonly pid: number;
  /** Returns the CPU time of all threads of the process. */
  cpuMs(): number;
  /** Throws if the process has exited although it was not stopped. */
  checkAlive(): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Arguments that make a process write a CPU profile to the directory BENCH_PROFILE_DIR. Empty without this variable.
 */
const profiling = (directory = process.env['BENCH_PROFILE_DIR']) =>
  directory === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', directory];

/** Starts a Node.js process, and kills the process when this one exits. */
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

/** Starts a compiled module of bench/, with the same heap and thread settings as bin/watmeter.cjs. */
export function startModule(path: string, input: unknown): NodeProcess {
  const module = join(projectRoot, 'dist', 'bench', path);
  return startNode(['--max-semi-space-size=64', module, JSON.stringify(input)], { UV_THREADPOOL_SIZE: '12' });
}
