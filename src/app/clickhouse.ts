import type { FenceNames } from '../../consumers/sink/fence.ts';
import type { Config } from '../config/settings.ts';
import { type ClickHouseClient, createEmbeddedClickHouse } from '../platform/clickhouse/client.ts';
import { migrateClickHouse } from '../platform/clickhouse/migrate.ts';
import { createQueryPool, type QueryPool } from '../platform/clickhouse/pool.ts';
import { readSqlFiles } from '../platform/sql-files.ts';
import { dataPaths, projectPaths } from './data-paths.ts';

const queryConnections = 3;

export interface ClickHouse {
  readonly eventClient: ClickHouseClient;
  readonly pool: QueryPool;
  /** Where other processes may write to the same tables: how partitions are held against them. */
  readonly fence: FenceNames | undefined;
}

export async function openClickHouse(config: Config): Promise<ClickHouse> {
  const path = dataPaths(config.dataDir).clickHouse;
  const eventClient = createEmbeddedClickHouse(path);
  await migrateClickHouse(eventClient, readSqlFiles(projectPaths.clickHouseMigrations), { cluster: undefined });
  const pool = createQueryPool(
    Array.from({ length: queryConnections }, () => createEmbeddedClickHouse(path)),
    { queryTimeoutMs: config.queryTimeout },
  );
  return { eventClient, pool, fence: undefined };
}
