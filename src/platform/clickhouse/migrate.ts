import type { SqlFile } from '../files/sql-files.ts';
import { type ClickHouseClient, database as embeddedDatabase } from './client.ts';

export interface ClickHouseMigrationConfig {
  /** Name of the database, which is created if it does not exist. Default: the database of the embedded engine. */
  readonly database?: string;
  /** Name of the cluster, for replicated engines and ON CLUSTER. Undefined for a single server. */
  readonly cluster: string | undefined;
}

/**
 * Migrates ClickHouse to the newest schema. The statements of a file must be repeatable (IF NOT EXISTS), because
 * ClickHouse has no transactions for DDL. A file that was not recorded before a crash runs again, and processes that
 * start at the same time may run it concurrently. All statements contain the database name, so the client needs no
 * default database. If all files are applied, no DDL is sent, because DDL on a cluster waits for every replica,
 * including those that are down.
 */
export async function migrateClickHouse(
  client: ClickHouseClient,
  files: readonly SqlFile[],
  config: ClickHouseMigrationConfig,
): Promise<void> {
  const { database = embeddedDatabase } = config;
  const applied = await appliedNames(client, database);
  const pending = files.filter(({ name }) => !applied.has(name));
  if (pending.length === 0) return;
  const run = (statement: string) => client.command({ query: renderStatement(statement, config) });
  await run(`CREATE DATABASE IF NOT EXISTS ${database} {on_cluster}`);
  await run(
    `CREATE TABLE IF NOT EXISTS schema_migrations {on_cluster}
     (name String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = {engine:MergeTree} ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  for (const { name, statements } of pending) {
    for (const statement of statements) await run(statement);
    const nameLiteral = `'${name.replaceAll("'", "''")}'`;
    await run(`INSERT INTO ${database}.schema_migrations (name) SELECT ${nameLiteral}`);
  }
}

/**
 * Inserts database, engine and cluster into a statement, so that the same files work for a single server and for a
 * cluster. A replicated engine gets neither a path nor a replica name. The server's defaults (`default_replica_path`
 * with the macros {uuid}, {shard} and {replica}) work with ON CLUSTER, and differ for each table.
 */
export function renderStatement(
  statement: string,
  { database = embeddedDatabase, cluster }: ClickHouseMigrationConfig,
): string {
  return statement
    .replace(
      /^(CREATE TABLE IF NOT EXISTS|CREATE VIEW IF NOT EXISTS|ALTER TABLE) (?=\w+\b(?!\.))/,
      `$1 ${database}.`,
    )
    .replaceAll('{database}', database)
    .replaceAll('{on_cluster}', cluster === undefined ? '' : `ON CLUSTER '${cluster}'`)
    .replace(/\{engine:(\w+)\}/g, (_, engine: string) =>
      cluster === undefined ? engine : `Replicated${engine}`,
    );
}

async function appliedNames(client: ClickHouseClient, database: string): Promise<Set<string>> {
  const rows = async <T>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  const migrationTables = await rows(
    `SELECT 1 FROM system.tables WHERE database = '${database}' AND name = 'schema_migrations'`,
  );
  if (migrationTables.length === 0) return new Set();
  const names = await rows<{ name: string }>(`SELECT name FROM ${database}.schema_migrations`);
  return new Set(names.map(({ name }) => name));
}
