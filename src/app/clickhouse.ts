import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createClickHouseEventStore } from '../../consumers/sink/clickhouse-event-store.ts';
import { endEarlierInserts } from '../../consumers/sink/end-earlier-inserts.ts';
import type { EventStore } from '../../consumers/sink/event-store.ts';
import { refuseFailedWrites } from '../../consumers/sink/refuse-failed-writes.ts';
import type { Config } from '../config/settings.ts';
import {
  type ClickHouseClient,
  createEmbeddedClickHouse,
  createServerClickHouse,
} from '../platform/clickhouse/client.ts';
import { clusterSettings } from '../platform/clickhouse/cluster-settings.ts';
import { migrateClickHouse } from '../platform/clickhouse/migrate.ts';
import { createQueryPool, type QueryPool } from '../platform/clickhouse/pool.ts';
import type { Clock } from '../platform/clock.ts';
import { readOrCreateSecretFile } from '../platform/data-directory.ts';
import { readSqlFiles } from '../platform/sql-files.ts';
import { dataPaths, projectPaths } from './data-paths.ts';

export type ClickHouseConfig = Pick<
  Config,
  | 'dataDir'
  | 'queryTimeout'
  | 'clickhouseUrl'
  | 'clickhouseUser'
  | 'clickhousePassword'
  | 'clickhouseDatabase'
  | 'clickhouseCaFile'
  | 'clickhouseCluster'
>;

export interface ClickHouse {
  /** What the sink stores in. */
  readonly eventStore: EventStore;
  /** What the usage API asks. */
  readonly pool: QueryPool;
  close(): Promise<void>;
}

const embeddedQueryConnections = 3;
const serverQueryConnections = 16;
const serverSinkConnections = 4;
/** Longer than an insert may wait for its quorum. */
const sinkTimeoutMs = 60_000;
/** What the network and a busy server may take beside the query itself. */
const queryMarginMs = 5_000;

/** ClickHouse by configuration: a server where CLICKHOUSE_URL is set, else the engine in this process. */
export async function openClickHouse(config: ClickHouseConfig, clock: Clock): Promise<ClickHouse> {
  return config.clickhouseUrl === undefined
    ? openEmbedded(config, clock)
    : openServer(config, config.clickhouseUrl, clock);
}

async function openEmbedded(config: ClickHouseConfig, clock: Clock): Promise<ClickHouse> {
  const path = dataPaths(config.dataDir).clickHouse;
  const client = createEmbeddedClickHouse(path);
  await migrateClickHouse(client, migrations(), { cluster: undefined });
  const readers = Array.from({ length: embeddedQueryConnections }, () => createEmbeddedClickHouse(path));
  const pool = createQueryPool(readers, { queryTimeoutMs: config.queryTimeout });
  const eventStore = refuseFailedWrites(createClickHouseEventStore(client, clock), client);
  return { eventStore, pool, close: () => closeAll(pool, [client]) };
}

/**
 * A server may be away when watmeter starts: sessions go on all the same, so it is not asked for anything here. The
 * sink brings the schema up to date before it reads its state, again and again until that succeeds.
 */
function openServer(config: ClickHouseConfig, url: string, clock: Clock): ClickHouse {
  const { clickhouseCaFile, clickhouseCluster: cluster, clickhouseDatabase: database } = config;
  const server = {
    url,
    user: config.clickhouseUser,
    password: config.clickhousePassword ?? '',
    certificateAuthority: clickhouseCaFile === undefined ? undefined : readFileSync(clickhouseCaFile),
  };
  const sinkServer = {
    ...server,
    requestTimeoutMs: sinkTimeoutMs,
    maxConnections: serverSinkConnections,
    settings: cluster === undefined ? {} : clusterSettings,
  };
  const client = createServerClickHouse({ ...sinkServer, database });
  const migrating = createServerClickHouse({ ...sinkServer, database: undefined });
  const reader = createServerClickHouse({
    ...server,
    database,
    requestTimeoutMs: config.queryTimeout + queryMarginMs,
    maxConnections: serverQueryConnections,
    settings: {},
  });
  const pool = createQueryPool([reader], { queryTimeoutMs: config.queryTimeout });
  const queryIdPrefix = `watmeter-${readOrCreateSecretFile(config.dataDir, 'instance-id', randomUUID)}-`;
  const stored = createClickHouseEventStore(client, clock, { queryIdPrefix });
  const ended = endEarlierInserts(stored, client, { queryIdPrefix, cluster });
  const eventStore = afterMigration(ended, () =>
    migrateClickHouse(migrating, migrations(), { database, cluster }),
  );
  return { eventStore, pool, close: () => closeAll(pool, [client, migrating]) };
}

function afterMigration(store: EventStore, migrate: () => Promise<void>): EventStore {
  let migrated = false;
  return {
    ...store,
    async readState() {
      if (!migrated) await migrate();
      migrated = true;
      return store.readState();
    },
  };
}

const migrations = () => readSqlFiles(projectPaths.clickHouseMigrations);

async function closeAll(pool: QueryPool, clients: readonly ClickHouseClient[]): Promise<void> {
  await Promise.all([pool.close(), ...clients.map((client) => client.close())]);
}
