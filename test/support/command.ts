import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { watchOutput } from './secret-watch/secrets.ts';

const entry = fileURLToPath(new URL('../../bin/watmeter.cjs', import.meta.url));

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the built watmeter to completion, on a data directory and without a terminal. */
export async function runCommand(
  dataDir: string,
  args: readonly string[],
  env: Record<string, string> = {},
  { stdin = '', cwd }: { stdin?: string; cwd?: string } = {},
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env },
    ...(cwd !== undefined && { cwd }),
  });
  // A command that reads no input may exit before its input is written.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  // Some commands print secrets to standard output by design, so only standard error is watched.
  watchOutput(`watmeter ${args.slice(0, 2).join(' ')}`, () => stderr);
  return { code, signal, stdout, stderr };
}
