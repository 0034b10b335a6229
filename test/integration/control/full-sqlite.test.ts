import { join } from 'node:path';
import { type Generated, sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../src/platform/errors/errors.ts';
import { openSqliteControlStore } from '../../../src/platform/sql/engines/sqlite.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

interface Tables {
  notes: { id: Generated<number>; text: string };
}

/** Opens an empty store that can grow by only a few pages. Beyond them, SQLite fails with SQLITE_FULL, as on a full disk. */
async function openFullStore() {
  const { path, remove } = createTemporaryDirectory('full-sqlite');
  const { store } = openSqliteControlStore<Tables>(join(path, 'control.sqlite'));
  onTestFinished(async () => {
    await store.destroy();
    remove();
  });
  await sql`CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)`.execute(store);
  await sql`PRAGMA max_page_count = 8`.execute(store);
  return store;
}

const large = 'x'.repeat(100_000);

describe('a transaction on a full disk', () => {
  it('rejects with SQLITE_FULL as the cause, although SQLite has already ended the transaction', async () => {
    const store = await openFullStore();
    const failed = store.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ text: 'small' }).execute();
      await transaction.insertInto('notes').values({ text: large }).execute();
    });
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'control_store_unavailable', retryAfterSeconds: 2 });
    expect((error as AppError).cause).toMatchObject({ message: expect.stringContaining('SQLITE_FULL') });
  });

  it('stores none of its changes, and the next transaction succeeds', async () => {
    const store = await openFullStore();
    const insert = (text: string) =>
      store
        .transaction()
        .execute((transaction) => transaction.insertInto('notes').values({ text }).execute());
    await expect(insert(large)).rejects.toMatchObject({ code: 'control_store_unavailable' });
    await insert('small');
    expect(await store.selectFrom('notes').select('text').execute()).toEqual([{ text: 'small' }]);
  });
});
