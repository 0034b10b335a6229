import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createTemporaryDirectory } from '../temporary-directory.ts';

/** A real nginx server for one test. */
export interface NginxServer {
  /** Returns the content of a log file. */
  log(name: string): string;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** The content of the http context. `{logs}` is replaced with this server's log directory. */
  readonly http: string;
  readonly port: number;
  /** Paths of shared objects (modules) to load. */
  readonly modules?: readonly string[];
}

const startTimeoutMs = 10_000;
const modulesDirectory = '/usr/lib/nginx/modules';
export const headersMore = join(modulesDirectory, 'ngx_http_headers_more_filter_module.so');

/** Returns what this machine lacks for nginx suites, or undefined if nothing is missing. */
export function nginxIsMissing(): string | undefined {
  if (nginxProgram() === undefined) return 'no nginx on this machine';
  return existsSync(headersMore) ? undefined : 'no headers-more module for nginx on this machine';
}

/** Returns the path of the nginx program. Debian installs it outside the PATH of users other than root. */
function nginxProgram(): string | undefined {
  return ['nginx', '/usr/sbin/nginx'].find((program) => spawnSync(program, ['-v']).status === 0);
}

/** Starts nginx and waits until it listens. @throws Error with the output of nginx if nginx does not start. */
export async function startNginx({ http, port, modules = [] }: NginxOptions): Promise<NginxServer> {
  const { path, remove } = createTemporaryDirectory('nginx');
  const program = nginxProgram();
  if (program === undefined) throw new Error('no nginx on this machine');
  mkdirSync(join(path, 'logs'));
  const file = join(path, 'nginx.conf');
  writeFileSync(file, configuration(path, http, modules));
  const child = spawn(program, ['-p', path, '-c', file, '-e', join(path, 'logs', 'error.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output += String(chunk);
  });
  const ended = once(child, 'exit');
  const server: NginxServer = {
    log: (name) => readFileSync(join(path, 'logs', name), 'utf8'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      remove();
    },
  };
  if (await listens(child, port)) return server;
  const log = existsSync(join(path, 'logs', 'error.log')) ? server.log('error.log') : '';
  await server.stop();
  throw new Error(`nginx does not start:\n${output}${log}`);
}

/** Returns a configuration for one foreground process that writes only inside `path`. */
function configuration(path: string, http: string, modules: readonly string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    ...modules.map((module) => `load_module ${module};`),
    'daemon off;',
    'master_process off;',
    `pid ${join(path, 'nginx.pid')};`,
    `error_log ${join(path, 'logs', 'error.log')} info;`,
    'events {}',
    'http {',
    ...temporary.map((name) => `${name}_temp_path ${join(path, name)};`),
    http.replaceAll('{logs}', join(path, 'logs')),
    '}',
  ].join('\n');
}

async function listens(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
