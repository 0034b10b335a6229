import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openTemporaryControl } from '../../unit/tokens/support/control.ts';

const migrateProcess = fileURLToPath(new URL('../../support/migrate-process.mjs', import.meta.url));

it('a SQLite migration waits for the transaction of another process, and sees the changes of that transaction', async () => {
  const { store, place } = await openTemporaryControl(systemClock);
  const folder = temporaryDirectory('migrations');
  cpSync(projectPaths.controlMigrations, folder, { recursive: true });
  writeFileSync(join(folder, '0002_next.sql'), 'UPDATE revisions SET revision = revision + 1;\n');
  const env = { PATH: process.env['PATH'], ...place.env };

  const migrating = await store.connection().execute(async (writer) => {
    await sql`BEGIN IMMEDIATE`.execute(writer);
    const started = promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
    // The process prints a line after it has opened the store. SQLite does not report that a statement is waiting,
    // so the test pauses for 500 ms. This is long enough to reach the waiting statement, and much shorter than SQLite's
    // lock timeout.
    await Promise.race([once(started.child.stdout as Readable, 'data'), started]);
    await sleep(500);
    await sql`UPDATE revisions SET revision = 10`.execute(writer);
    await sql`COMMIT`.execute(writer);
    return { started };
  });
  await migrating.started;
  expect((await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow()).revision).toBe(11);
});
