import { existsSync } from 'node:fs';
import { createAccess } from '../../access/access.ts';
import { makeAdminToken } from '../../access/api-tokens/api-tokens.ts';
import { dataPaths } from '../../app/data-paths.ts';
import { openControlStore } from '../../app/stores/control-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { replaceSecretFile } from '../../platform/files/data-directory.ts';
import { createConfigurationCheck } from '../../tokens/configurations/configuration-check.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

/**
 * Creates a new administrator token and prints it. The old token stops working immediately. The new token is also
 * written to DATA_DIR/admin-token, if DATABASE_URL is not set or this file exists.
 */
export async function renewAdminToken(context: CommandContext): Promise<ExitCode> {
  const config = loadSettings(context);
  const { control } = await openControlStore(config, { clock: systemClock });
  try {
    const token = makeAdminToken();
    const requireConfigurations = createConfigurationCheck(control);
    await createAccess(config, { control, clock: systemClock, requireConfigurations }).tokens.setAdmin(token);
    context.print(token);
    if (config.databaseUrl === undefined || existsSync(dataPaths(config.dataDir).adminToken))
      replaceSecretFile(config.dataDir, 'admin-token', token);
    return exitCodes.done;
  } finally {
    await control.destroy();
  }
}
