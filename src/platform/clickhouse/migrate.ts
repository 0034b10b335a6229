import type { SqlFile } from '../files/sql-files.ts';
import { type ClickHouseClient, database as embeddedDatabase } from './client.ts';

export interface ClickHouseMigrationConfig {
  /** Made if it is not there; that of the embedded engine if not given. */
  readonly database?: string;
  /** Replicated engines and ON CLUSTER, for a cluster of this name; undefined for a single node. */
  readonly cluster: string | undefined;
}

/**
 * Brings ClickHouse to the newest schema. Statements of a file must be repeatable (IF NOT EXISTS): ClickHouse
 * has no transactions over DDL, so a file whose line is missing after a crash is run again, and processes that
 * start at the same time may run it side by side. Only what names its database is sent, so the client needs none.
 * Where all is done nothing is sent at all: DDL on a cluster waits for every replica, also for one that is down.
 */
export async function migrateClickHouse(
  client: ClickHouseClient,
  files: readonly SqlFile[],
  config: ClickHouseMigrationConfig,
): Promise<void> {
  const { database = embeddedDatabase } = config;
  const applied = await appliedNames(client, database);
  const missing = files.filter(({ name }) => !applied.has(name));
  if (missing.length === 0) return;
  const run = (statement: string) => client.command({ query: renderStatement(statement, config) });
  await run(`CREATE DATABASE IF NOT EXISTS ${database} {on_cluster}`);
  await run(
    `CREATE TABLE IF NOT EXISTS schema_migrations {on_cluster}
     (name String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = {engine:MergeTree} ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  for (const { name, statements } of missing) {
    for (const statement of statements) await run(statement);
    const done = `'${name.replaceAll("'", "''")}'`;
    await run(`INSERT INTO ${database}.schema_migrations (name) SELECT ${done}`);
  }
}

/**
 * Fills in database, engine and cluster, so that the same files serve one node and a replicated cluster.
 * Replicated engines get no path and no replica name: the server's own defaults (`default_replica_path` with the
 * macros {uuid}, {shard} and {replica}) are right for ON CLUSTER, and cannot collide with another table's.
 */
export function renderStatement(
  statement: string,
  { database = embeddedDatabase, cluster }: ClickHouseMigrationConfig,
): string {
  return statement
    .replace(/^(CREATE TABLE IF NOT EXISTS|ALTER TABLE) (?=\w+\b(?!\.))/, `$1 ${database}.`)
    .replaceAll('{on_cluster}', cluster === undefined ? '' : `ON CLUSTER '${cluster}'`)
    .replace(/\{engine:(\w+)\}/g, (_, engine: string) =>
      cluster === undefined ? engine : `Replicated${engine}`,
    );
}

async function appliedNames(client: ClickHouseClient, database: string): Promise<Set<string>> {
  const rows = async <T>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  const made = await rows(
    `SELECT 1 FROM system.tables WHERE database = '${database}' AND name = 'schema_migrations'`,
  );
  if (made.length === 0) return new Set();
  const names = await rows<{ name: string }>(`SELECT name FROM ${database}.schema_migrations`);
  return new Set(names.map(({ name }) => name));
}
