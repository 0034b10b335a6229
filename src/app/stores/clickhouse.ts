import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createConversionGuard, noGuard } from '../../../consumers/conversion/conversion-guard.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createFence } from '../../../consumers/store/clickhouse-fence.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import { createKnownReplacements } from '../../../consumers/store/viewers/known-replacements.ts';
import { createViewerStore, type ViewerStore } from '../../../consumers/store/viewers/viewer-store.ts';
import { insertWatermarks } from '../../../consumers/store/watermark-rows.ts';
import { withWriteCheck } from '../../../consumers/store/write-check.ts';
import type { Watermark } from '../../events/watermark.ts';
import {
  type ClickHouseClient,
  createEmbeddedClickHouse,
  createEmbeddedStreams,
  createServerClickHouse,
  createServerStreams,
} from '../../platform/clickhouse/client.ts';
import { clusterSettings } from '../../platform/clickhouse/cluster-settings.ts';
import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import { type ClickHouseMigrationConfig, migrateClickHouse } from '../../platform/clickhouse/migrate.ts';
import { createQueryPool, type QueryPool } from '../../platform/clickhouse/pool.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import { readSqlFiles } from '../../platform/files/sql-files.ts';
import type { Config } from '../config.ts';
import { dataPaths, projectPaths } from '../data-paths.ts';
import { createTableConversion, type TableConversion } from './table-conversion.ts';

export type ClickHouseConfig = Pick<
  Config,
  | 'dataDir'
  | 'queryTimeout'
  | 'queryMemory'
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
  /** Reports the progress of the conversion of an older event table. */
  readonly onProgress?: (text: string) => void;
}

export interface ClickHouse {
  /**
   * Creates the event store for a sink that stores one stream partition, or all partitions if `partition` is
   * undefined (the sink of a journal). On a server, a fence prevents other processes from writing to the partition.
   * The sink of a journal then uses the fence of partition 0. The embedded engine needs no fence, because only this
   * process uses it.
   */
  readonly eventStore: (partition: number | undefined) => EventStore;
  /** Stores watermarks. Call it only after an event store has read its state, which migrates the schema. */
  readonly insertWatermarks: (watermarks: readonly Watermark[]) => Promise<void>;
  /** Replaces the pseudonyms of forgotten viewers. */
  readonly viewerStore: ViewerStore;
  /** Connection for statements that can take minutes: they rewrite, archive or drop sessions, or build roll-ups. */
  readonly maintenance: ClickHouseClient;
  /** Connections for usage queries. */
  readonly pool: QueryPool;
  /** Resolves if the server responds. Undefined for the embedded engine, which is part of this process. */
  readonly ask: (() => Promise<void>) | undefined;
  /** Connection for the sinks and for repair commands. */
  readonly client: ClickHouseClient;
  /**
   * Migrates the schema and converts the event table of an older version. Resolves when both are up to date. A sink
   * calls this method before it reads its state. The process therefore accepts sessions during a long conversion, and
   * stores them afterwards.
   */
  migrate(): Promise<void>;
  /** The conversion of an older event table. */
  readonly conversion: Pick<TableConversion, 'trouble' | 'stop'>;
  close(): Promise<void>;
}

const embeddedQueryConnections = 3;
const serverQueryConnections = 16;
const serverSinkConnections = 4;
/** Request timeout of sinks. It is longer than the time that an insert waits for its quorum. */
const sinkTimeoutMs = 60_000;
/**
 * Request timeout of the conversion. The longest statements read a whole month, and a stop waits for the current
 * statement.
 */
const conversionTimeoutMs = 30 * 60_000;
/** Time that is added to the query timeout, for the network and a busy server. */
const queryMarginMs = 5_000;

/** Opens ClickHouse: the server at CLICKHOUSE_URL, or the embedded engine if CLICKHOUSE_URL is not set. */
export async function openClickHouse(config: ClickHouseConfig, deps: ClickHouseDeps): Promise<ClickHouse> {
  return config.clickhouseUrl === undefined
    ? openEmbedded(config, deps)
    : openServer(config, config.clickhouseUrl, deps);
}

async function openEmbedded(config: ClickHouseConfig, deps: ClickHouseDeps): Promise<ClickHouse> {
  const path = dataPaths(config.dataDir).clickHouse;
  const client = createEmbeddedClickHouse(path);
  await migrateClickHouse(client, migrations(), embedded);
  const readers = Array.from({ length: embeddedQueryConnections }, () => createEmbeddedClickHouse(path));
  const pool = createQueryPool(readers, createEmbeddedStreams(path), {
    queryTimeoutMs: config.queryTimeout,
    queryMemoryBytes: config.queryMemory,
  });
  const conversion = createTableConversion(migrations(), embedded, { ...deps, client, guard: noGuard });
  const migrate = runUntilDone(conversion.run);
  // Rewriting has its own connection, because it takes seconds, and a connection runs one statement at a time.
  const rewriting = createEmbeddedClickHouse(path);
  const viewerStore = createViewerStore({ ...deps, client: rewriting, cluster: undefined });
  const viewers = knownReplacements(viewerStore);
  const eventStore = (partition: number | undefined) =>
    afterMigration(
      withWriteCheck(createClickHouseEventStore(client, deps.clock, { partition, viewers }), client),
      migrate,
    );
  return {
    ...{ eventStore, viewerStore, pool, client, migrate, conversion, ask: undefined },
    maintenance: rewriting,
    insertWatermarks: (watermarks) => insertWatermarks(client, watermarks),
    close: () => closeAll(pool, [client, rewriting]),
  };
}

const embedded: ClickHouseMigrationConfig = { cluster: undefined };

/**
 * Creates connections to a server without sending a request, because watmeter must start and accept sessions even if
 * the server is unreachable. The sink migrates the schema before it reads its state, and retries until the migration
 * succeeds.
 */
function openServer(config: ClickHouseConfig, url: string, deps: ClickHouseDeps): ClickHouse {
  const { clock, failpoint } = deps;
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
    queryMemoryBytes: config.queryMemory,
  });
  const holder = `${hostname().replace(/[^A-Za-z0-9]/g, '_')}_${process.pid}`;
  const converting = createServerClickHouse({
    ...sinkServer,
    database,
    requestTimeoutMs: conversionTimeoutMs,
  });
  const conversion = createTableConversion(
    migrations(),
    { database, cluster },
    { ...deps, client: converting, guard: createConversionGuard({ holder, cluster }, { client, failpoint }) },
  );
  const migrateOnce = runUntilDone(async () => {
    await migrateClickHouse(migrating, migrations(), { database, cluster });
    await conversion.run();
  });
  const viewerStore = createViewerStore({ client: converting, failpoint, cluster });
  const viewers = knownReplacements(viewerStore);
  const eventStore = (partition = 0) => {
    const fence = createFence({ partition, holder, cluster }, { client, failpoint });
    const scope = { partition, fence, viewers };
    return afterMigration(createClickHouseEventStore(client, clock, scope), migrateOnce);
  };
  return {
    ...{ eventStore, viewerStore, pool, client, migrate: migrateOnce, conversion, maintenance: converting },
    async ask() {
      // This connection names no database, so the query also works before the database is created.
      await migrating.query({ query: 'SELECT 1', format: 'JSONEachRow' }).catch((error) => {
        throw new Error(describeStoreError(error));
      });
    },
    insertWatermarks: (watermarks) => insertWatermarks(client, watermarks),
    close: () => closeAll(pool, [client, migrating, converting]),
  };
}

function knownReplacements({ replacements }: ViewerStore) {
  return createKnownReplacements(replacements, () => performance.now());
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

/** Creates a function that runs `work` until it has succeeded once. Concurrent calls share one attempt. */
function runUntilDone(work: () => Promise<void>): () => Promise<void> {
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
