import { join } from 'node:path';
import {
  type ClickHouseClient,
  createServerClickHouse,
  database,
} from '../../src/platform/clickhouse/client.ts';
import { migrateClickHouse } from '../../src/platform/clickhouse/migrate.ts';
import { readSqlFiles } from '../../src/platform/files/sql-files.ts';
import { startChdbServer } from '../../test/support/chdb-server/chdb-server.ts';
import { cpuMsOf, projectRoot, residentMbOf } from '../support/processes.ts';

/** Address and credentials of a ClickHouse server, which other processes need. */
export interface StoreAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** An empty ClickHouse server with watmeter's schema, in a separate process. */
export interface Store extends StoreAddress {
  readonly client: ClickHouseClient;
  /** Returns the CPU time that the server's process has used so far. */
  cpuMs(): number;
  /** Returns the memory that the server's process uses, in MiB. */
  residentMb(): number;
  countRows(): Promise<number>;
  countAll(): Promise<{ readonly rows: number; readonly sessions: number; readonly parts: number }>;
}

/** Creates a ClickHouse client with the settings of watmeter's sink. */
export function openClient({ url, user, password }: StoreAddress, name?: string): ClickHouseClient {
  return createServerClickHouse({
    url,
    user,
    password,
    database: name,
    certificateAuthority: undefined,
    requestTimeoutMs: 60_000,
    maxConnections: 4,
    settings: {},
  });
}

/** Runs `work` with a new store. Removes the store's process and data afterwards. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const clickHouse = await startChdbServer();
  const kill = () => clickHouse.child.kill('SIGKILL');
  process.prependListener('exit', kill);
  const client = openClient(clickHouse, database);
  const rows = async <R>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<R>();
  try {
    await migrate(clickHouse);
    return await work({
      url: clickHouse.url,
      user: clickHouse.user,
      password: clickHouse.password,
      client,
      cpuMs: () => cpuMsOf(clickHouse.child.pid),
      residentMb: () => residentMbOf(clickHouse.child.pid),
      async countRows() {
        const [counted] = await rows<{ rows: string }>('SELECT count() AS rows FROM session_events');
        return Number(counted?.rows);
      },
      async countAll() {
        const [counted] = await rows<Record<'rows' | 'sessions' | 'parts', string>>(
          `SELECT count() AS rows, uniqExact(session_id) AS sessions, uniqExact(_part) AS parts
           FROM session_events`,
        );
        const numberOf = (name: 'rows' | 'sessions' | 'parts') => Number(counted?.[name]);
        return { rows: numberOf('rows'), sessions: numberOf('sessions'), parts: numberOf('parts') };
      },
    });
  } finally {
    await client.close();
    await clickHouse.remove();
    process.off('exit', kill);
  }
}

async function migrate(address: StoreAddress): Promise<void> {
  const client = openClient(address);
  const files = readSqlFiles(join(projectRoot, 'sql', 'clickhouse'));
  await migrateClickHouse(client, files, { database, cluster: undefined });
  await client.close();
}
