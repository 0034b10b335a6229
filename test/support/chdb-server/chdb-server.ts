import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTemporaryDirectory } from '../temporary-directory.ts';

/** A fault for the next `times` inserts (default 1). Faults apply in the order of the `orderFault` calls. */
export type InsertFault = { readonly times?: number } & (
  | { readonly kind: 'refuse'; readonly code: number; readonly name: string; readonly message: string }
  /** Delays the end of the insert's request body. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Executes the insert but never responds. */
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'cut-before' }
  | { readonly kind: 'cut-after' }
);

export interface ChdbServer {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly dataDir: string;
  /** The data directory, which chdb can open in another process after the chdb server has exited. */
  readonly chdbDir: string;
  orderFault(fault: InsertFault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Kills the process with SIGKILL. `start` uses the same data and port again. */
  kill(): Promise<void>;
  /** Starts a process on the same data and port, after `kill` or `stop`. */
  start(): Promise<void>;
  /** Stops the process with SIGTERM. */
  stop(): Promise<void>;
  /** Stops the process and removes its data directory, unless the caller provided it. */
  remove(): Promise<void>;
  readonly child: ChildProcess;
}

const main = fileURLToPath(new URL('./main.mjs', import.meta.url));

/**
 * Starts a process that provides ClickHouse's HTTP interface on top of chdb (main.mjs). It is for tests only. The
 * caller stops it with `remove`. README.md in this folder lists the differences from a real server.
 */
export async function startChdbServer(
  options: { dataDir?: string; port?: number; user?: string; password?: string } = {},
): Promise<ChdbServer> {
  const temporary = options.dataDir === undefined ? createTemporaryDirectory('chdb') : undefined;
  const dataDir = options.dataDir ?? temporary?.path ?? '';
  const { user = 'watmeter', password = 'chdb-password' } = options;
  let port = options.port ?? 0;
  let child: ChildProcess | undefined;
  let orders = 0;

  async function start(): Promise<void> {
    const args = ['--data', dataDir, '--port', String(port), '--user', user, '--password', password];
    child = fork(main, args, { env: { ...process.env, UV_THREADPOOL_SIZE: '64' }, execArgv: [] });
    port = await portOf(child);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async function order(message: object): Promise<void> {
    const id = ++orders;
    const channel = current();
    const carriedOut = new Promise<void>((resolve) => {
      channel.on('message', function listen(answer: { id?: number }) {
        if (answer.id !== id) return;
        channel.off('message', listen);
        resolve();
      });
    });
    channel.send({ id, ...message });
    await carriedOut;
  }

  function current(): ChildProcess {
    if (child === undefined) throw new Error('the chdb server is not running');
    return child;
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    user,
    password,
    dataDir,
    chdbDir: join(dataDir, 'chdb'),
    get child() {
      return current();
    },
    orderFault: (fault) => order({ order: 'fault', fault }),
    clearFaults: () => order({ order: 'clear' }),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start,
    async remove() {
      await end('SIGKILL');
      temporary?.remove();
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`the chdb server ended with ${code} before it listened`)));
  });
}
