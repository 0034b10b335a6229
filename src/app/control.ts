import { createApiTokens } from '../access/api-tokens.ts';
import { createOrganisations } from '../access/organisations.ts';
import { createUiSessions } from '../access/ui-sessions.ts';
import type { Config } from '../config/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { checkMasterKey } from '../platform/control-store/master-key-check.ts';
import { migrateControlStore } from '../platform/control-store/migrate.ts';
import { openSqliteControlStore } from '../platform/control-store/sqlite.ts';
import { readOrCreateSecretFile } from '../platform/data-directory.ts';
import { createSealer } from '../platform/sealing.ts';
import { readSqlFiles } from '../platform/sql-files.ts';
import { createConfigurationStore } from '../tokens/configuration-store.ts';
import { createConfigurations } from '../tokens/configurations.ts';
import { createKeyring } from '../tokens/keyring.ts';
import { dataPaths, projectPaths } from './data-paths.ts';

export type ControlConfig = Pick<Config, 'dataDir' | 'masterKey' | 'adminToken'>;
export type Control = Awaited<ReturnType<typeof openControl>>;

/** The control store and what stands on it: organisations, API tokens, token configurations and their keys. */
export async function openControl(config: ControlConfig, clock: Clock) {
  const store = openSqliteControlStore(dataPaths(config.dataDir).controlStore);
  try {
    await migrateControlStore(store, readSqlFiles(projectPaths.controlMigrations), clock.nowMs());
    const masterKey = config.masterKey ?? readOrCreateSecretFile(config.dataDir, 'master-key');
    const sealer = createSealer(Buffer.from(masterKey));
    await checkMasterKey(store, sealer);

    const organisations = await createOrganisations({ control: store, sealer, clock });
    const tokens = createApiTokens({ control: store, clock, adminToken: config.adminToken });
    const uiSessions = createUiSessions({ control: store, tokens, clock });
    const configurationStore = createConfigurationStore(store);
    const keyring = await createKeyring({ store: configurationStore, sealer });
    const configurations = createConfigurations({ store: configurationStore, keyring, sealer, clock });
    return { store, sealer, organisations, tokens, uiSessions, configurationStore, keyring, configurations };
  } catch (error) {
    await store.destroy();
    throw error;
  }
}
