import type { SqlFile } from '../sql-files.ts';
import { type ClickHouseClient, database } from './client.ts';

export interface ClickHouseMigrationConfig {
  /** Replicated engines and ON CLUSTER, for a cluster of this name; undefined for a single node. */
  readonly cluster: string | undefined;
}

/**
 * Brings ClickHouse to the newest schema. Statements of a file must be repeatable (IF NOT EXISTS): ClickHouse
 * has no transactions over DDL, so a file whose line is missing after a crash is run again.
 */
export async function migrateClickHouse(
  client: ClickHouseClient,
  files: readonly SqlFile[],
  config: ClickHouseMigrationConfig,
): Promise<void> {
  const run = (statement: string) => client.command({ query: renderStatement(statement, config) });
  await run(`CREATE DATABASE IF NOT EXISTS ${database} {on_cluster}`);
  await run(
    `CREATE TABLE IF NOT EXISTS ${database}.schema_migrations {on_cluster}
     (name String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = {engine:MergeTree} ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  const applied = await appliedNames(client);
  for (const { name, statements } of files.filter((file) => !applied.has(file.name))) {
    for (const statement of statements) await run(qualify(statement));
    await run(`INSERT INTO ${database}.schema_migrations (name) SELECT '${name.replaceAll("'", "''")}'`);
  }
}

/** Fills in engine and cluster, so that the same files serve one node and a replicated cluster. */
export function renderStatement(statement: string, { cluster }: ClickHouseMigrationConfig): string {
  return statement
    .replaceAll('{on_cluster}', cluster === undefined ? '' : `ON CLUSTER '${cluster}'`)
    .replace(/\{engine:(\w+)\}/g, (_, engine: string) =>
      cluster === undefined ? engine : `Replicated${engine}`,
    );
}

function qualify(statement: string): string {
  return statement.replace(/^(CREATE TABLE IF NOT EXISTS) /, `$1 ${database}.`);
}

async function appliedNames(client: ClickHouseClient): Promise<Set<string>> {
  const result = await client.query({
    query: `SELECT name FROM ${database}.schema_migrations`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ name: string }>();
  return new Set(rows.map(({ name }) => name));
}
