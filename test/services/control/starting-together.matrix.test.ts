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
  describe('processes that open an empty control store at once', () => {
    it('make its tables once, and agree on every key', async () => {
      const place = await stores.create();
      onTestFinished(place.remove);
      const env = { PATH: process.env['PATH'], ...place.env };
      const run = () => promisify(execFile)(process.execPath, [entry, 'admin-token', 'renew'], { env });
      const outputs = await Promise.all(Array.from({ length: processes }, run));

      const { store, tokens } = await openControlAt(place, systemClock);
      const principals = await Promise.all(outputs.map(({ stdout }) => tokens.authenticate(stdout.trim())));
      // Each made the administrator's token anew: one was the last.
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

  describe('processes that bring a control store to a later schema at once', () => {
    it('apply each file once, and the others find it applied', async () => {
      const place = await stores.create();
      onTestFinished(place.remove);
      const { store } = await openControlAt(place, systemClock);
      const folder = temporaryDirectory('migrations');
      cpSync(projectPaths.controlMigrations, folder, { recursive: true });
      const counted = `UPDATE revisions SET revision = revision + 1;\n`;
      const later = Array.from({ length: 20 }, (_, index) => `9000_${String(index).padStart(2, '0')}.sql`);
      for (const [index, name] of later.entries()) {
        writeFileSync(join(folder, name), `${counted}CREATE TABLE later_${index} (id TEXT);\n`);
      }
      const env = { PATH: process.env['PATH'], ...place.env };
      const run = () => promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
      await Promise.all(Array.from({ length: processes }, run));
      const applied = await store.selectFrom('schema_migrations').select('name').orderBy('name').execute();
      expect(applied.map(({ name }) => name)).toEqual([...released, ...later]);
      const { revision } = await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow();
      expect(revision).toBe(later.length);
    });

    it('leave all as it was when one file is wrong', async () => {
      const place = await stores.create();
      onTestFinished(place.remove);
      const { store } = await openControlAt(place, systemClock);
      const folder = temporaryDirectory('migrations');
      cpSync(projectPaths.controlMigrations, folder, { recursive: true });
      writeFileSync(join(folder, '9000_right.sql'), 'UPDATE revisions SET revision = 7;\n');
      writeFileSync(join(folder, '9001_wrong.sql'), 'CREATE TABLE revisions (id TEXT);\n');
      const env = { PATH: process.env['PATH'], ...place.env };
      const run = promisify(execFile)(process.execPath, [migrateProcess, folder], { env });
      await expect(run).rejects.toThrow(/already exists/);
      expect(await store.selectFrom('schema_migrations').select('name').execute()).toHaveLength(
        released.length,
      );
      expect((await store.selectFrom('revisions').selectAll().executeTakeFirstOrThrow()).revision).toBe(0);
    });
  });
});
