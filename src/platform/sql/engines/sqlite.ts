import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { AppError, messageOf } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import type { ControlDatabase } from '../control-store.ts';

/**
 * Opens the embedded control store, which is one SQLite file. A commit resolves after the change is on disk
 * (synchronous=FULL in WAL mode). Other processes can read the file at the same time.
 */
export function openSqliteControlStore<Tables>(path: string): ControlDatabase<Tables> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  for (const pragma of [
    // The timeout is set first, so that the statements below wait if another process is opening the same file.
    'busy_timeout = 5000',
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    // SQLite then overwrites deleted rows with zeros, so that the file does not contain deleted personal data.
    'secure_delete = ON',
  ]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return {
    store: new Kysely<Tables>({
      dialect: new SqliteDialect({
        database: translateErrors(database as never, () => database.inTransaction),
      }),
    }),
    // A plain BEGIN takes the lock only at the first write, which fails if another process wrote after the BEGIN.
    beginExclusive: ['BEGIN IMMEDIATE'],
    adapt: (statement) => statement,
  };
}

/**
 * Matches error codes of a disk that is full, failing or read-only, and of a lock that another process keeps for too
 * long.
 */
const unavailable = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/**
 * Wraps a database so that its failures are the same errors as those of PostgreSQL: AppError
 * `control_store_unavailable`. After a full disk and some other errors, SQLite ends the transaction itself
 * (https://www.sqlite.org/lang_transaction.html, section 2.5). The wrapper then ignores a rollback, because SQLite would
 * reject it, and that error would hide the first error.
 */
function translateErrors(database: SqliteDatabase, inTransaction: () => boolean): SqliteDatabase {
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
      const isRollback = /^rollback$/i.test(sql);
      return {
        reader: statement.reader,
        all: (parameters) => translated(() => statement.all(parameters)),
        run(parameters) {
          if (isRollback && !inTransaction()) return { changes: 0, lastInsertRowid: 0 };
          return translated(() => statement.run(parameters));
        },
        iterate: (parameters) => statement.iterate(parameters),
      };
    },
  };
}
