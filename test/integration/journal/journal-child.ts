import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('../../support/journal-process.mjs', import.meta.url));
const built = fileURLToPath(new URL('../../../dist/src/journal/log/durable-journal.js', import.meta.url));

export interface JournalChild {
  /** Complete lines that it printed after `ready`. */
  lines(): string[];
  /** Waits until it printed so many. */
  printed(count: number): Promise<void>;
  kill(): Promise<void>;
}

/** A process that holds a data directory; ends with the test at the latest. */
export async function startJournalChild(task: 'hold' | 'append', dataDir: string): Promise<JournalChild> {
  if (!existsSync(built)) throw new Error('this test runs what was built: npm run build');
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

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (hasEnded(child)) throw new Error(`the journal's process ended by itself: ${output.err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  onTestFinished(kill);
  await until(() => output.out.startsWith('ready\n'));
  return { lines, kill, printed: (count) => until(() => lines().length >= count) };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
