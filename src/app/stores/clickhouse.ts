import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createFence } from '../../../consumers/store/clickhouse-fence.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import { withWriteCheck } from '../../../consumers/store/write-check.ts';
import {
  type ClickHouseClient,
  createEmbeddedClickHouse,
  createEmbeddedStreams,
  createServerClickHouse,
  createServerStreams,
} from '../../platform/clickhouse/client.ts';
import { clusterSettings } from '../../platform/clickhouse/cluster-settings.ts';
import { migrateClickHouse } from '../../platform/clickhouse/migrate.ts';
import { createQueryPool, type QueryPool } from '../../platform/clickhouse/pool.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import { readSqlFiles } from '../../platform/files/sql-files.ts';
import type { Config } from '../config.ts';
import { dataPaths, projectPaths } from '../data-paths.ts';

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

export interface ClickHouseDeps {
  readonly clock: Clock;
  readonly failpoint: Failpoint;
}

export interface ClickHouse {
  /**
   * What a sink stores in: one partition of the stream, or all of them for the sink of a journal. On a server it holds
   * its partition (a journal's: number 0) against every other process; the embedded engine is this process's alone.
   */
  readonly eventStore: (partition: number | undefined) => EventStore;
  /** What the usage API asks. */
  readonly pool: QueryPool;
  /** For statements of the commands that mend what is stored. */
  readonly client: ClickHouseClient;
  /** Resolves when the schema is up to date. */
  migrate(): Promise<void>;
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
export async function openClickHouse(config: ClickHouseConfig, deps: ClickHouseDeps): Promise<ClickHouse> {
  return config.clickhouseUrl === undefined
    ? openEmbedded(config, deps)
    : openServer(config, config.clickhouseUrl, deps);
}

async function openEmbedded(config: ClickHouseConfig, { clock }: ClickHouseDeps): Promise<ClickHouse> {
  const path = dataPaths(config.dataDir).clickHouse;
  const client = createEmbeddedClickHouse(path);
  await migrateClickHouse(client, migrations(), { cluster: undefined });
  const readers = Array.from({ length: embeddedQueryConnections }, () => createEmbeddedClickHouse(path));
  const pool = createQueryPool(readers, createEmbeddedStreams(path), { queryTimeoutMs: config.queryTimeout });
  const eventStore = (partition: number | undefined) =>
    withWriteCheck(createClickHouseEventStore(client, clock, { partition }), client);
  return { eventStore, pool, client, migrate: async () => {}, close: () => closeAll(pool, [client]) };
}

/**
 * A server may be away when watmeter starts: sessions go on all the same, so it is not asked for anything here. The
 * sink brings the schema up to date before it reads its state, again and again until that succeeds.
 */
function openServer(config: ClickHouseConfig, url: string, { clock, failpoint }: ClickHouseDeps): ClickHouse {
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
  const pool = createQueryPool([reader], createServerStreams(reader), {
    queryTimeoutMs: config.queryTimeout,
  });
  const holder = `${hostname().replace(/[^A-Za-z0-9]/g, '_')}_${process.pid}`;
  const migrateOnce = createOnce(() => migrateClickHouse(migrating, migrations(), { database, cluster }));
  const eventStore = (partition = 0) => {
    const fence = createFence({ partition, holder, cluster }, { client, failpoint });
    return afterMigration(createClickHouseEventStore(client, clock, { partition, fence }), migrateOnce);
  };
  return { eventStore, pool, client, migrate: migrateOnce, close: () => closeAll(pool, [client, migrating]) };
}

function afterMigration(store: EventStore, migrateOnce: () => Promise<void>): EventStore {
  return {
    ...store,
    async readState() {
      await migrateOnce();
      return store.readState();
    },
  };
}

/** Does something until it has succeeded once, never twice at the same time. */
function createOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

const migrations = () => readSqlFiles(projectPaths.clickHouseMigrations);

async function closeAll(pool: QueryPool, clients: readonly ClickHouseClient[]): Promise<void> {
  await Promise.all([pool.close(), ...clients.map((client) => client.close())]);
}
