import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { ControlDatabase } from './database.ts';
import type { ControlSchema } from './schema.ts';

/**
 * The embedded control store: one SQLite file. Every commit is on disk before it is answered
 * (synchronous=FULL in WAL mode); other processes may read it meanwhile.
 */
export function openSqliteControlStore(path: string): ControlDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  for (const pragma of [
    // First: another process may be in the middle of the very same.
    'busy_timeout = 5000',
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
  ]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return {
    store: new Kysely<ControlSchema>({ dialect: new SqliteDialect({ database: database as never }) }),
    // A plain BEGIN takes the lock with its first write, which fails at once when another process wrote meanwhile.
    beginAlone: ['BEGIN IMMEDIATE'],
    adapt: (statement) => statement,
  };
}
