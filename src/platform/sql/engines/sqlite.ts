import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { AppError, messageOf } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import type { ControlDatabase } from '../control-store.ts';

/**
 * The embedded control store: one SQLite file. Every commit is on disk before it is answered
 * (synchronous=FULL in WAL mode); other processes may read it meanwhile.
 */
export function openSqliteControlStore<Tables>(path: string): ControlDatabase<Tables> {
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
    store: new Kysely<Tables>({
      dialect: new SqliteDialect({ database: translateErrors(database as never) }),
    }),
    // A plain BEGIN takes the lock with its first write, which fails at once when another process wrote meanwhile.
    beginAlone: ['BEGIN IMMEDIATE'],
    adapt: (statement) => statement,
  };
}

/** The disk is full, broken or read-only, or another process has the lock for too long. */
const unavailable = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/** The same error for the same trouble as with PostgreSQL: AppError `control_store_unavailable`. */
function translateErrors(database: SqliteDatabase): SqliteDatabase {
  function translated<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!unavailable.test(code)) throw error;
      const cause = new Error(`SQLite ${code}: ${messageOf(error)}`);
      throw new AppError(platformErrors.control_store_unavailable, { retryAfterSeconds: 2, cause });
    }
  }
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = translated(() => database.prepare(sql));
      return {
        reader: statement.reader,
        all: (parameters) => translated(() => statement.all(parameters)),
        run: (parameters) => translated(() => statement.run(parameters)),
        iterate: (parameters) => statement.iterate(parameters),
      };
    },
  };
}
