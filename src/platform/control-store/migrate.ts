import { sql } from 'kysely';
import type { SqlFile } from '../sql-files.ts';
import type { ControlStore } from './schema.ts';

/**
 * Brings the control store to the newest schema. Each file is applied in one transaction with its own line in
 * `schema_migrations`: after a crash it is there whole or not at all.
 */
export async function migrateControlStore(
  store: ControlStore,
  files: readonly SqlFile[],
  nowMs: number,
): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)`.execute(
    store,
  );
  const rows = await store.selectFrom('schema_migrations').select('name').execute();
  const applied = new Set(rows.map(({ name }) => name));
  for (const file of files.filter(({ name }) => !applied.has(name))) {
    await store.transaction().execute(async (transaction) => {
      for (const statement of file.statements) await sql.raw(statement).execute(transaction);
      await transaction
        .insertInto('schema_migrations')
        .values({ name: file.name, applied_at: nowMs })
        .execute();
    });
  }
}
