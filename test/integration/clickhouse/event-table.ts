import { afterAll, beforeAll } from 'vitest';
import { createClickHouseEventStore } from '../../../consumers/sink/clickhouse-event-store.ts';
import type { EventStore } from '../../../consumers/sink/event-store.ts';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { type ClickHouseClient, createEmbeddedClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { migrateClickHouse } from '../../../src/platform/clickhouse/migrate.ts';
import { readSqlFiles } from '../../../src/platform/sql-files.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

export const sqlFiles = readSqlFiles(projectPaths.clickHouseMigrations);
export const nowMs = Date.UTC(2026, 10, 21, 8, 43, 52, 178);

export interface EventTable {
  readonly client: ClickHouseClient;
  readonly store: EventStore;
  rows<T>(query: string, params?: Record<string, unknown>): Promise<T[]>;
  text(query: string, params?: Record<string, unknown>): Promise<string>;
}

/** A real ClickHouse for one test file, migrated and empty: chdb on a directory of its own. */
export function useEventTable(): EventTable {
  const directory = createTemporaryDirectory('clickhouse');
  const table = {} as { -readonly [Key in keyof EventTable]: EventTable[Key] };

  beforeAll(async () => {
    const client = createEmbeddedClickHouse(directory.path);
    await migrateClickHouse(client, sqlFiles, { cluster: undefined });
    table.client = client;
    table.store = createClickHouseEventStore(client, { nowMs: () => nowMs });
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
    directory.remove();
  });
  return table;
}
