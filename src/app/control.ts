import { createApiTokenChanges } from '../access/api-tokens/api-token-changes.ts';
import { createApiTokenLog } from '../access/api-tokens/api-token-log.ts';
import { createApiTokens } from '../access/api-tokens/api-tokens.ts';
import { createAuditLog } from '../access/audit/audit.ts';
import { createAuditNotes } from '../access/audit/audit-buffer.ts';
import { createRefusalCounts } from '../access/audit/refusal-counts.ts';
import { createOrganisations } from '../access/organisations/organisations.ts';
import { createUiSessions } from '../access/sign-in/ui-sessions.ts';
import type { Config } from '../config/settings.ts';
import { createFollowers, type Followers } from '../platform/background/change-listeners.ts';
import type { Clock } from '../platform/clock.ts';
import { createSealer } from '../platform/crypto/sealing.ts';
import { readOrCreateSecretFile } from '../platform/files/data-directory.ts';
import { readSqlFiles } from '../platform/files/sql-files.ts';
import type { ControlDatabase } from '../platform/sql/database.ts';
import { checkMasterKey } from '../platform/sql/master-key-check.ts';
import { migrateControlStore } from '../platform/sql/migrate.ts';
import { migrationLimits, openPostgresControlStore } from '../platform/sql/postgres.ts';
import type { ControlStore } from '../platform/sql/schema.ts';
import { openSqliteControlStore } from '../platform/sql/sqlite.ts';
import { createConfigurationKeys } from '../tokens/configurations/configuration-keys.ts';
import {
  type ConfigurationStore,
  createConfigurationStore,
} from '../tokens/configurations/configuration-store.ts';
import { createConfigurations } from '../tokens/configurations/configurations.ts';
import { createKeyring, type Keyring } from '../tokens/configurations/keyring.ts';
import { createRevocationList } from '../tokens/revocation/revocation-cache.ts';
import { createRevoking } from '../tokens/revocation/revocation-service.ts';
import { createRevocationStore } from '../tokens/revocation/revocation-store.ts';
import { dataPaths, projectPaths } from './data-paths.ts';

export type ControlConfig = Pick<
  Config,
  'dataDir' | 'databaseUrl' | 'databaseCaFile' | 'masterKey' | 'adminToken'
>;
export type Control = Awaited<ReturnType<typeof openControl>>;

/** The control store and what stands on it: organisations, API tokens, token configurations and their keys. */
export async function openControl(config: ControlConfig, clock: Clock) {
  const { store } = await openMigrated(config, clock);
  try {
    const sealer = createSealer(Buffer.from(masterKeyOf(config)));
    await checkMasterKey(store, sealer);

    const organisations = await createOrganisations({ control: store, sealer, clock });
    const access = openAccess(store, config, clock);
    const configurationStore = createConfigurationStore(store);
    const configurationKeys = createConfigurationKeys(store);
    const keyring = await createKeyring({ store: configurationStore, sealer });
    const followers = createFollowers();
    const configurations = createConfigurations({
      ...{ store: configurationStore, keys: configurationKeys },
      keyring: { reload: () => followed(keyring.reload, followers) },
      ...{ sealer, clock },
    });
    const tokenConfigurations = { configurationStore, configurationKeys, keyring, configurations };
    const revoked = await openRevocations(store, tokenConfigurations, followers, clock);
    return { store, sealer, followers, organisations, ...access, ...tokenConfigurations, ...revoked };
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/** A change acts in this process and in its workers before it is answered. */
async function followed(change: () => Promise<void> | void, { look }: Followers): Promise<void> {
  await change();
  await look();
}

/** What was revoked, and how to revoke more. */
async function openRevocations(
  control: ControlStore,
  { configurationStore, keyring }: { configurationStore: ConfigurationStore; keyring: Keyring },
  followers: Followers,
  clock: Clock,
) {
  const revocationStore = createRevocationStore(control);
  const revocations = await createRevocationList(revocationStore);
  const revoking = createRevoking({
    list: { add: (revocation) => followed(() => revocations.add(revocation), followers) },
    ...{ store: revocationStore, keyring, configurations: configurationStore, clock },
  });
  return { revocationStore, revocations, revoking };
}

/** API tokens, dashboards that they sign in, and what is written down of all that. */
function openAccess(control: ControlStore, { adminToken }: ControlConfig, clock: Clock) {
  const tokenLog = createApiTokenLog({ control, clock });
  const tokens = createApiTokens({ control, clock, log: tokenLog, adminToken });
  const audit = createAuditLog(control, clock);
  return {
    tokens,
    tokenLog,
    tokenChanges: createApiTokenChanges({ control, log: tokenLog, clock }),
    uiSessions: createUiSessions({ control, tokens, clock }),
    audit,
    auditNotes: createAuditNotes({ audit, clock }),
    refusals: createRefusalCounts({ control, clock }),
  };
}

async function openMigrated(config: ControlConfig, clock: Clock): Promise<ControlDatabase> {
  const files = readSqlFiles(projectPaths.controlMigrations);
  const migrate = async (database: ControlDatabase) => {
    try {
      await migrateControlStore(database, files, clock.nowMs());
    } catch (error) {
      await database.store.destroy();
      throw error;
    }
  };
  const { databaseUrl, databaseCaFile } = config;
  if (databaseUrl === undefined) {
    const sqlite = openSqliteControlStore(dataPaths(config.dataDir).controlStore);
    await migrate(sqlite);
    return sqlite;
  }
  const address = { address: databaseUrl, caFile: databaseCaFile };
  // A connection of its own: requests must not wait as long as a migration may.
  const migrating = openPostgresControlStore(address, migrationLimits);
  await migrate(migrating);
  await migrating.store.destroy();
  return openPostgresControlStore(address);
}

/** A shared store needs a shared key: one that was made in a data directory would be known to one process only. */
function masterKeyOf({ masterKey, databaseUrl, dataDir }: ControlConfig): string {
  if (masterKey !== undefined) return masterKey;
  if (databaseUrl !== undefined) throw new Error('MASTER_KEY must be set with DATABASE_URL');
  return readOrCreateSecretFile(dataDir, 'master-key');
}
