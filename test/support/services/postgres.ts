import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../app-process.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';

/** A real PostgreSQL server for one test. It exits with the process that started it, however that process exits. */
export interface PostgresServer {
  readonly port: number;
  readonly password: string;
  /** Creates an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Returns the content of a database as text. */
  dump(url: string): Promise<Buffer>;
  /** Sends SIGKILL to the server and to all processes that serve its connections. */
  kill(): Promise<void>;
  /**
   * Sends SIGSTOP to all server processes: connections stay open, and requests get no response until `thaw` is called.
   */
  freeze(): void;
  thaw(): void;
  /** Starts the server again on the same data and port, and waits until the server responds. */
  start(): Promise<void>;
  /** Sends SIGINT. The server then closes all connections and exits. */
  stop(): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines for postgresql.conf, and additional files in the data directory by name. */
  readonly settings?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

const user = 'watmeter';
const startTimeoutMs = 30_000;
/** The user id and group id of the unprivileged account on Linux. */
const unprivilegedId = 65_534;

/** Returns the directory of the PostgreSQL programs. It is undefined if this machine has no PostgreSQL server. */
export function findPostgres(): string | undefined {
  const folder = findPrograms();
  // The client library package contains `pg_config` but not the server.
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined;
}

function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  try {
    const [newest] = readdirSync(debian).sort((left, right) => Number(right) - Number(left));
    if (newest !== undefined) return join(debian, newest, 'bin');
  } catch {
    // This machine does not have the Debian package.
  }
  try {
    return execFileSync('pg_config', ['--bindir'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Starts a PostgreSQL server. @throws Error if PostgreSQL is not installed. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const binaries = findPostgres();
  if (binaries === undefined)
    throw new Error('no PostgreSQL on this machine: install the package postgresql');
  const account = serverAccount();
  const { path, remove } = createTemporaryDirectory('postgres');
  const data = join(path, 'data');
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const write = (file: string, text: string) => {
    writeFileSync(file, text, { mode: 0o600 });
    if (account.uid !== undefined) chownSync(file, account.uid, account.gid ?? account.uid);
  };
  if (account.uid !== undefined) chownSync(path, account.uid, account.gid ?? account.uid);
  write(join(path, 'password'), password);
  const run = promisify(execFile);
  await run(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      user,
      '--auth=scram-sha-256',
      `--pwfile=${join(path, 'password')}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      // The files of a test do not have to survive a power failure.
      '--no-sync',
    ],
    { ...account, cwd: path },
  );
  for (const [name, text] of Object.entries(options.files ?? {})) write(join(data, name), text);

  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=on',
    ...(options.settings ?? []),
  ];
  const urlOf = (database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  let child: ChildProcess | undefined;
  let guardian: ChildProcess | undefined;
  let output = '';

  async function end(send: (running: ChildProcess) => void): Promise<void> {
    const running = child;
    child = undefined;
    // The guardian exits first. If it exited later, it could kill another process that has received the same id.
    guardian?.kill('SIGKILL');
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    send(running);
    await ended;
  }

  const server: PostgresServer = {
    port,
    password,
    async start() {
      const deadline = Date.now() + startTimeoutMs;
      for (;;) {
        output = '';
        const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
        child = spawn(join(binaries, 'postgres'), args, {
          ...account,
          cwd: path,
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        guardian = guard(child, path);
        child.stderr?.on('data', (chunk) => {
          output += String(chunk);
        });
        if (await answers(urlOf('postgres'), child)) return;
        guardian.kill('SIGKILL');
        // The processes of a killed server may still use the shared memory for a moment.
        if (Date.now() > deadline) throw new Error(`PostgreSQL does not start:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async createDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`;
      // The collation differs from byte order, because watmeter must not depend on the collation.
      const order = `TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`;
      await query(urlOf('postgres'), `CREATE DATABASE ${name} ${order}`);
      return urlOf(name);
    },
    async dump(url) {
      const options = { maxBuffer: 64 * 1024 ** 2 };
      return Buffer.from((await run(join(binaries, 'pg_dump'), ['--dbname', url], options)).stdout);
    },
    kill: () => end((running) => signalAll(running.pid ?? 0, 'SIGKILL')),
    freeze: () => signalAll(child?.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalAll(child?.pid ?? 0, 'SIGCONT'),
    stop: () => end((running) => running.kill('SIGINT')),
    async remove() {
      await end((running) => signalAll(running.pid ?? 0, 'SIGKILL'));
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
      remove();
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

/** Returns an unprivileged account if this process runs as root, because PostgreSQL rejects running as root. */
function serverAccount(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  return { uid: unprivilegedId, gid: unprivilegedId };
}

/**
 * Starts a guardian process. When this process exits in any way, the pipe between the two processes closes. The
 * guardian then stops the server with SIGQUIT, which stops all server processes immediately, and removes the data.
 */
function guard(server: ChildProcess, directory: string): ChildProcess {
  const script = 'cat > /dev/null; kill -QUIT "$1"; sleep 1; rm -rf "$2"';
  const args = ['-c', script, 'guard', String(server.pid), directory];
  const guardian = spawn('sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guardian.unref();
  return guardian;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await query(url, 'SELECT 1');
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Sends a signal to the server and to each process that serves a connection. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    // On systems without /proc, the child processes exit together with their server.
  }
  for (const target of [pid, ...children]) {
    try {
      process.kill(target, signal);
    } catch {
      // The process has already exited.
    }
  }
}
