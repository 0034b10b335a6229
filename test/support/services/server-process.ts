import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server that is killed when this process exits. On Linux, the kernel kills the server (`setpriv --pdeathsig`)
 * even if this process is killed. On other systems, the server is killed only if this process exits normally.
 */
export function spawnServer(command: string, args: readonly string[], stdio: StdioOptions): ChildProcess {
  const child =
    process.platform === 'linux'
      ? spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio })
      : spawn(command, args, { stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export function isAlive(child: ChildProcess | undefined): child is ChildProcess {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Sends a signal to a process and waits until it has exited. Sends SIGKILL after the deadline. */
export async function endProcess(
  child: ChildProcess | undefined,
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL',
  deadlineMs = 30_000,
): Promise<void> {
  if (!isAlive(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await ended;
  clearTimeout(timer);
}
