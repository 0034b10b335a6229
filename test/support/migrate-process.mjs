// Opens the control store that the environment variables name, with the built code, and applies the migrations in a
// folder:
//   node migrate-process.mjs FOLDER

import { parseConfig } from '../../dist/src/app/config.js';
import { dataPaths } from '../../dist/src/app/data-paths.js';
import { readSqlFiles } from '../../dist/src/platform/files/sql-files.js';
import { openPostgresControlStore } from '../../dist/src/platform/sql/engines/postgres.js';
import { openSqliteControlStore } from '../../dist/src/platform/sql/engines/sqlite.js';
import { migrateControlStore } from '../../dist/src/platform/sql/migrate.js';

const parsed = parseConfig(process.env);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
const { databaseUrl, dataDir } = parsed.config;
const database =
  databaseUrl === undefined
    ? openSqliteControlStore(dataPaths(dataDir).controlStore)
    : openPostgresControlStore({ address: databaseUrl, caFile: undefined });
// The parent waits for this line. The next call blocks while another process writes.
console.log('opened');
await migrateControlStore(database, readSqlFiles(process.argv[2]), Date.now());
await database.store.destroy();
