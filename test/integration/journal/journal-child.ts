import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('../../support/journal-process.mjs', import.meta.url));
const builtJournal = fileURLToPath(
  new URL('../../../dist/src/journal/log/durable-journal.js', import.meta.url),
);

export interface JournalChild {
  /** Returns the complete lines that the process printed after `ready`. */
  lines(): string[];
  /** Waits until the process has printed at least `count` lines. */
  waitForLines(count: number): Promise<void>;
  kill(): Promise<void>;
}

/** Starts a process that locks a data directory. The process is killed after the test at the latest. */
export async function startJournalChild(task: 'hold' | 'append', dataDir: string): Promise<JournalChild> {
  if (!existsSync(builtJournal)) throw new Error('this test runs the built dist/: run npm run build first');
  const child = spawn(process.execPath, [script, task, dataDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }

  function lines(): string[] {
    return output.out.split('\n').slice(1, -1);
  }

  async function waitUntil(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (hasEnded(child)) throw new Error(`the journal's process ended early: ${output.err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  onTestFinished(kill);
  await waitUntil(() => output.out.startsWith('ready\n'));
  return { lines, kill, waitForLines: (count) => waitUntil(() => lines().length >= count) };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
