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

it('a migration of SQLite waits for a process that is writing, and sees what it wrote', async () => {
  const { store, place } = await openTemporaryControl(systemClock);
  const folder = temporaryDirectory('migrations');
  cpSync(projectPaths.controlMigrations, folder, { recursive: true });
  writeFileSync(join(folder, '0002_next.sql'), 'UPDATE revisions SET revision = revision + 1;\n');
  const env = { PATH: process.env['PATH'], ...place.env };

  const migrating = await store.connection().execute(async (writer) => {
    await sql`BEGIN IMMEDIATE`.execute(writer);
    const started = promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
    started.catch(() => {});
    // It has opened the store when it prints a line. SQLite does not show that it waits: half a second is far less than it
    // waits, and far more than it takes to the statement that does.
    await once(started.child.stdout as Readable, 'data');
    await sleep(500);
    await sql`UPDATE revisions SET revision = 10`.execute(writer);
    await sql`COMMIT`.execute(writer);
    return { started };
  });
  await migrating.started;
  expect((await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow()).revision).toBe(11);
});
