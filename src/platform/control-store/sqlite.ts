import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { ControlSchema, ControlStore } from './schema.ts';

/**
 * The embedded control store: one SQLite file. Every commit is on disk before it is answered
 * (synchronous=FULL in WAL mode); other processes may read it meanwhile.
 */
export function openSqliteControlStore(path: string): ControlStore {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'busy_timeout = 5000',
  ]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return new Kysely<ControlSchema>({ dialect: new SqliteDialect({ database: database as never }) });
}
