import { afterAll, beforeAll } from 'vitest';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import { withWriteCheck } from '../../../consumers/store/write-check.ts';
import { projectPaths } from '../../../src/app/data-paths.ts';
import {
  type ClickHouseClient,
  createEmbeddedClickHouse,
  createServerClickHouse,
} from '../../../src/platform/clickhouse/client.ts';
import { migrateClickHouse } from '../../../src/platform/clickhouse/migrate.ts';
import { readSqlFiles } from '../../../src/platform/files/sql-files.ts';
import { type ChdbServer, startChdbServer } from '../../support/chdb-server/chdb-server.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

export const sqlFiles = readSqlFiles(projectPaths.clickHouseMigrations);
export const nowMs = Date.UTC(2026, 10, 21, 8, 43, 52, 178);

export interface EventTable {
  /** The directory of the embedded ClickHouse engine. */
  readonly directory: string;
  /** Opens another connection to the same table. The caller closes it. */
  connect(): ClickHouseClient;
  readonly client: ClickHouseClient;
  readonly store: EventStore;
  rows<T>(query: string, params?: Record<string, unknown>): Promise<T[]>;
  text(query: string, params?: Record<string, unknown>): Promise<string>;
}

export type Engine = 'in this process' | 'on a server';
export const engines: readonly Engine[] = ['in this process', 'on a server'];

/** A database name other than the default, so that a query with a hard-coded name fails. */
export const serverDatabase = 'meters';

/** Returns the settings that connect to a chdb server, without cluster settings. */
export function serverConfigOf({ url, user, password }: ChdbServer) {
  return {
    ...{ url, user, password, certificateAuthority: undefined, requestTimeoutMs: 20_000 },
    ...{ maxConnections: 4, settings: {}, database: serverDatabase },
  };
}

/** Creates a migrated and empty ClickHouse for one test file: chdb in this process, or a chdb server over HTTP. */
export function useEventTable(engine: Engine = 'in this process'): EventTable {
  const directory = createTemporaryDirectory('clickhouse');
  const table = {} as { -readonly [Key in keyof EventTable]: EventTable[Key] };
  const clock = { nowMs: () => nowMs };
  let clickHouse: ChdbServer | undefined;

  table.directory = directory.path;
  table.connect = () =>
    clickHouse === undefined
      ? createEmbeddedClickHouse(directory.path)
      : createServerClickHouse(serverConfigOf(clickHouse));

  beforeAll(async () => {
    if (engine === 'in this process') {
      table.client = createEmbeddedClickHouse(directory.path);
      await migrateClickHouse(table.client, sqlFiles, { cluster: undefined });
      table.store = withWriteCheck(createClickHouseEventStore(table.client, clock), table.client);
      return;
    }
    clickHouse = await startChdbServer({ dataDir: directory.path });
    table.client = createServerClickHouse(serverConfigOf(clickHouse));
    const migrating = createServerClickHouse({ ...serverConfigOf(clickHouse), database: undefined });
    await migrateClickHouse(migrating, sqlFiles, { database: serverDatabase, cluster: undefined });
    await migrating.close();
    table.store = createClickHouseEventStore(table.client, clock);
  });
  table.rows = async <T>(query: string, query_params: Record<string, unknown> = {}) => {
    const result = await table.client.query({ query, query_params, format: 'JSONEachRow' });
    return result.json<T>();
  };
  table.text = async (query, query_params = {}) => {
    const result = await table.client.query({ query, query_params, format: 'TabSeparatedRaw' });
    return result.text();
  };
  afterAll(async () => {
    await table.client.close();
    await clickHouse?.remove();
    directory.remove();
  });
  return table;
}
