import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { readSqlFiles } from '../../../src/platform/files/sql-files.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openControlAt } from '../../unit/tokens/support/control.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));
const migrateProcess = fileURLToPath(new URL('../../support/migrate-process.mjs', import.meta.url));
const processes = 4;
const released = readSqlFiles(projectPaths.controlMigrations).map(({ name }) => name);

describeOnControlStore((stores) => {
  describe('processes that open an empty control store concurrently', () => {
    it('create the tables of the store once and use the same keys', async () => {
      const database = await stores.create();
      onTestFinished(database.remove);
      const env = { PATH: process.env['PATH'], ...database.env };
      const run = () => promisify(execFile)(process.execPath, [entry, 'admin-token', 'renew'], { env });
      const outputs = await Promise.all(Array.from({ length: processes }, run));

      const { store, tokens } = await openControlAt(database, systemClock);
      const principals = await Promise.all(outputs.map(({ stdout }) => tokens.authenticate(stdout.trim())));
      // Each process renewed the administrator token, and only the last renewal is valid.
      expect(principals.filter((principal) => principal !== undefined)).toHaveLength(1);
      const applied = await store.selectFrom('schema_migrations').select('name').execute();
      expect(applied.map(({ name }) => name).sort()).toEqual(released);
      expect(await store.selectFrom('revisions').selectAll().orderBy('topic').execute()).toEqual([
        { topic: 'revocations', revision: 0 },
        { topic: 'token_configurations', revision: 0 },
      ]);
      expect(await store.selectFrom('organisations').select('id').execute()).toEqual([{ id: 'default' }]);
    });
  });

  describe('processes that migrate a control store concurrently', () => {
    it('apply each migration file once', async () => {
      const database = await stores.create();
      onTestFinished(database.remove);
      const { store } = await openControlAt(database, systemClock);
      const folder = temporaryDirectory('migrations');
      cpSync(projectPaths.controlMigrations, folder, { recursive: true });
      const countRun = `UPDATE revisions SET revision = revision + 1;\n`;
      const newFiles = Array.from({ length: 20 }, (_, index) => `9000_${String(index).padStart(2, '0')}.sql`);
      for (const [index, name] of newFiles.entries()) {
        writeFileSync(join(folder, name), `${countRun}CREATE TABLE later_${index} (id TEXT);\n`);
      }
      const env = { PATH: process.env['PATH'], ...database.env };
      const run = () => promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
      await Promise.all(Array.from({ length: processes }, run));
      const applied = await store.selectFrom('schema_migrations').select('name').orderBy('name').execute();
      expect(applied.map(({ name }) => name)).toEqual([...released, ...newFiles]);
      const { revision } = await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow();
      expect(revision).toBe(newFiles.length);
    });

    it('apply none of the migration files if one of them is invalid', async () => {
      const database = await stores.create();
      onTestFinished(database.remove);
      const { store } = await openControlAt(database, systemClock);
      const folder = temporaryDirectory('migrations');
      cpSync(projectPaths.controlMigrations, folder, { recursive: true });
      writeFileSync(join(folder, '9000_right.sql'), 'UPDATE revisions SET revision = 7;\n');
      writeFileSync(join(folder, '9001_wrong.sql'), 'CREATE TABLE revisions (id TEXT);\n');
      const env = { PATH: process.env['PATH'], ...database.env };
      const run = promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
      await expect(run).rejects.toThrow(/already exists/);
      expect(await store.selectFrom('schema_migrations').select('name').execute()).toHaveLength(
        released.length,
      );
      expect((await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow()).revision).toBe(0);
    });
  });
});
