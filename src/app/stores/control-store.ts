import { existsSync } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';
import { createSealer, type Sealer } from '../../platform/crypto/sealing.ts';
import { readOrCreateSecretFile } from '../../platform/files/data-directory.ts';
import { readSqlFiles } from '../../platform/files/sql-files.ts';
import type { ControlDatabase, ControlStore } from '../../platform/sql/control-store.ts';
import { migrationLimits, openPostgresControlStore } from '../../platform/sql/engines/postgres.ts';
import { openSqliteControlStore } from '../../platform/sql/engines/sqlite.ts';
import { checkMasterKey } from '../../platform/sql/master-key-check.ts';
import { migrateControlStore } from '../../platform/sql/migrate.ts';
import { minMasterKeyChars } from '../../platform/sql/settings.ts';
import type { Config } from '../config.ts';
import { dataPaths, projectPaths } from '../data-paths.ts';
import type { ControlTables } from '../declared.ts';

export type ControlStoreConfig = Pick<Config, 'dataDir' | 'databaseUrl' | 'databaseCaFile' | 'masterKey'>;

export interface OpenControlStore {
  readonly control: ControlStore<ControlTables>;
  /** Encrypts the secrets in the store with the master key. */
  readonly sealer: Sealer;
}

/**
 * Opens the configured control store and migrates its schema. The caller must close the store (`destroy`).
 * @throws Error if the store cannot be opened, or if the master key is missing or did not encrypt the store's
 * secrets.
 */
export async function openControlStore(
  config: ControlStoreConfig,
  { clock }: { readonly clock: Clock },
): Promise<OpenControlStore> {
  const sealer = createSealer(Buffer.from(masterKeyOf(config)));
  const { store } = await openMigrated(config, clock);
  try {
    await checkMasterKey(store, sealer);
    return { control: store, sealer };
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

async function openMigrated(
  config: ControlStoreConfig,
  clock: Clock,
): Promise<ControlDatabase<ControlTables>> {
  const files = readSqlFiles(projectPaths.controlMigrations);
  const migrate = async (database: ControlDatabase<ControlTables>) => {
    try {
      await migrateControlStore(database, files, clock.nowMs());
    } catch (error) {
      await database.store.destroy();
      throw error;
    }
  };
  const { databaseUrl, databaseCaFile } = config;
  if (databaseUrl === undefined) {
    const sqlite = openSqliteControlStore<ControlTables>(dataPaths(config.dataDir).controlStore);
    await migrate(sqlite);
    return sqlite;
  }
  const address = { address: databaseUrl, caFile: databaseCaFile };
  // The migration has a connection of its own with long timeouts, which requests must not have.
  const migrating = openPostgresControlStore<ControlTables>(address, migrationLimits);
  await migrate(migrating);
  await migrating.store.destroy();
  return openPostgresControlStore<ControlTables>(address);
}

/**
 * Returns the master key from the setting, or otherwise from the data directory.
 * @throws Error if DATABASE_URL is set without MASTER_KEY, because other processes cannot read a key in this data
 * directory.
 * @throws Error if the key is shorter than MASTER_KEY may be, because a file was emptied or cut off.
 * @throws Error if the store exists without the key file. The first start creates the key before the store, so the
 * store was restored without its key.
 */
function masterKeyOf({ masterKey, databaseUrl, dataDir }: ControlStoreConfig): string {
  if (masterKey !== undefined) return masterKey;
  if (databaseUrl !== undefined) throw new Error('MASTER_KEY must be set with DATABASE_URL');
  const paths = dataPaths(dataDir);
  if (existsSync(paths.controlStore) && !existsSync(paths.masterKey))
    throw new Error(
      `${paths.masterKey} is missing, and private keys in ${paths.controlStore} are encrypted with it. ` +
        'Put the file back, or set MASTER_KEY to the same key. No data was written.',
    );
  const key = readOrCreateSecretFile(dataDir, 'master-key');
  if (key.length < minMasterKeyChars)
    throw new Error(
      `${paths.masterKey} must have at least ${minMasterKeyChars} characters. Put the original key back. No data was written.`,
    );
  return key;
}
