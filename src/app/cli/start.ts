import { makeAdminToken } from '../../access/api-tokens.ts';
import type { Config } from '../../config/settings.ts';
import { readOrCreateSecretFile } from '../../platform/data-directory.ts';
import { createLogger, type Logger } from '../../platform/logger.ts';
import { type App, assembleAll } from '../all.ts';
import type { Command } from './command.ts';
import { loadConfig } from './config-check.ts';
import { type FirstToken, welcomeLines } from './welcome.ts';

const stopDeadlineMs = 15_000;

export const start: Command = {
  name: 'start',
  usage: 'watmeter [start]',
  summary: 'run everything in this process, on the embedded stores',
  async run(context) {
    const config = loadConfig(context);
    if (config === undefined) return 1;
    const logger = createLogger(config);
    const app = await assembleAll(config, { logger });
    const firstToken = await makeFirstAdminToken(app, config, context.isTerminal);
    const stopped = stopOnSignal(app, logger);
    await app.start();
    for (const line of welcomeLines(app.address(), config, firstToken)) context.print(line);
    return stopped;
  },
};

/** On the very first start, unless ADMIN_TOKEN is set or the store is shared: printed on a terminal, else kept in a file (mode 0600). */
async function makeFirstAdminToken(
  { control }: App,
  config: Config,
  isTerminal: boolean,
): Promise<FirstToken> {
  if (config.adminToken !== undefined || (await control.tokens.hasAdmin())) return { kind: 'none' };
  // Several processes may make their first start at once: which one's token would be valid is left to chance.
  if (config.databaseUrl !== undefined) return { kind: 'to-be-made' };
  const token = isTerminal
    ? makeAdminToken()
    : readOrCreateSecretFile(config.dataDir, 'admin-token', makeAdminToken);
  await control.tokens.setAdmin(token);
  return isTerminal ? { kind: 'shown', token } : { kind: 'in-file' };
}

/** Resolves to the exit code when SIGTERM or SIGINT came and all has stopped; a part that hangs is cut off. */
function stopOnSignal(app: App, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'stopping');
      setTimeout(() => {
        logger.error('stopping took too long: what was accepted is in the journal');
        process.exit(1);
      }, stopDeadlineMs).unref();
      void app.stop().then(() => resolve(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
