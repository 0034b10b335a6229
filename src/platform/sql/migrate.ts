import { sql } from 'kysely';
import type { SqlFile } from '../files/sql-files.ts';
import type { ControlDatabase, ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/**
 * Migrates the control store to the newest schema in one transaction. After a crash, the store has either the old
 * schema or the new one. Several processes can call this function at the same time: the first one applies the files,
 * and the others wait.
 */
export async function migrateControlStore(
  database: ControlDatabase<SystemTables>,
  files: readonly SqlFile[],
  nowMs: number,
): Promise<void> {
  await database.store.connection().execute(async (connection) => {
    const run = (statement: string) => sql.raw(statement).execute(connection);
    try {
      for (const statement of database.beginExclusive) await run(statement);
      await applyPending(connection, files, database.adapt, nowMs);
      await run('COMMIT');
    } catch (error) {
      // The rollback fails if the connection is lost. The transaction then ends anyway, and the first error is more
      // useful.
      await run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

async function applyPending(
  connection: ControlStore<SystemTables>,
  files: readonly SqlFile[],
  adapt: ControlDatabase<SystemTables>['adapt'],
  nowMs: number,
): Promise<void> {
  const run = (statement: string) => sql.raw(adapt(statement)).execute(connection);
  await run(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)',
  );
  const rows = await connection.selectFrom('schema_migrations').select('name').execute();
  const applied = new Set(rows.map(({ name }) => name));
  for (const file of files.filter(({ name }) => !applied.has(name))) {
    for (const statement of file.statements) await run(statement);
    await connection.insertInto('schema_migrations').values({ name: file.name, applied_at: nowMs }).execute();
  }
}
