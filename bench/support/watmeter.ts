import { join } from 'node:path';
import type { TokenKey } from '../load/mint.ts';
import { type ServerProcess, startServer } from './processes.ts';

/** A real watmeter process, started as a user would start it. Calls use the administrator token. */
export interface Watmeter extends ServerProcess {
  readonly call: Caller;
  createConfiguration(name: string): Promise<TokenKey>;
  /** Returns the number of sessions that are accepted but not stored yet. */
  pendingEvents(): Promise<number>;
}

export const adminToken = 'bench-admin-token-of-at-least-32-characters';

const authorization = { authorization: `Bearer ${adminToken}` };

export interface WatmeterOptions {
  readonly dataDir: string;
  readonly profileDirectory?: string | undefined;
  /**
   * True to start watmeter with `npm start`, as the quickstart does. `npm start` also checks that the build is up to
   * date.
   */
  readonly throughNpm?: boolean;
  readonly pollMs?: number;
}

export async function startWatmeter(options: WatmeterOptions): Promise<Watmeter> {
  const { dataDir, profileDirectory, throughNpm = false, pollMs } = options;
  const profiling = profileDirectory === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDirectory];
  const server = await startServer({
    command: throughNpm ? 'npm' : process.execPath,
    args: throughNpm ? ['start'] : [...profiling, join('bin', 'watmeter.cjs')],
    env: { DATA_DIR: dataDir, ADMIN_TOKEN: adminToken, ...workersOf(process.env) },
    readyPath: '/health/ready',
    group: throughNpm,
    ...(pollMs !== undefined && { pollMs }),
  });
  const call = createCaller(server.url);

  return {
    ...server,
    call,
    createConfiguration: (name) => createConfiguration(call, name),
    async pendingEvents() {
      const text = await (await fetch(`${server.url}/metrics`, { headers: authorization })).text();
      return Number(/^watmeter_journal_pending_events (\d+)/m.exec(text)?.[1] ?? Number.NaN);
    },
  };
}

/** Returns the setting for the number of gateway workers, if the environment has one. */
function workersOf({ GATEWAY_WORKERS }: NodeJS.ProcessEnv): Record<string, string> {
  return GATEWAY_WORKERS === undefined ? {} : { GATEWAY_WORKERS };
}

export type Caller = <T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<T>;

/**
 * Creates a function that calls the API of a process with the administrator token.
 * @throws Error from the function if the status is not 2xx.
 */
export function createCaller(url: string): Caller {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return JSON.parse(answer) as T;
  };
}

export async function createConfiguration(call: Caller, name: string): Promise<TokenKey> {
  const path = '/api/v1/web-access-tokens/configurations';
  const { id, publicKey } = await call<{ id: string; publicKey: string }>('POST', path, { name });
  return { configurationId: id, publicKeyPem: publicKey };
}
