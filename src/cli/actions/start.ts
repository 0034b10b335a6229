import { makeAdminToken } from '../../access/api-tokens/api-tokens.ts';
import type { Config } from '../../app/config.ts';
import { type AllProcess, createAllProcess } from '../../app/processes/all.ts';
import { createApiProcess } from '../../app/processes/api.ts';
import { createConsumerProcess } from '../../app/processes/consumer.ts';
import { createGatewayProcess } from '../../app/processes/gateway.ts';
import type { WatmeterProcess } from '../../app/processes/process.ts';
import type { Role } from '../../app/roles.ts';
import { readOrCreateSecretFile } from '../../platform/files/data-directory.ts';
import { createLogger, type Logger } from '../../platform/logger.ts';
import { type FirstToken, welcomeLines } from '../output/welcome.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

const stopDeadlineMs = 15_000;
/** After everything has stopped. */
const lastWordsMs = 500;
const stallLookMs = 1000;

/** Runs every part in this process until it is stopped. */
export async function start(context: CommandContext): Promise<ExitCode> {
  const config = loadSettings(context);
  const logger = createLogger(config);
  const app = await createAllProcess(config, { logger });
  const firstToken = await makeFirstAdminToken(app, config, context.isTerminal);
  const stopped = runUntilStopped(app, logger);
  await app.start();
  for (const line of welcomeLines(app.address(), config, firstToken)) context.print(line);
  return stopped;
}

const createRole = {
  gateway: createGatewayProcess,
  consumer: createConsumerProcess,
  api: createApiProcess,
} as const;

/** Runs one role in this process until it is stopped. */
export async function startRole(context: CommandContext, role: Exclude<Role, 'all'>): Promise<ExitCode> {
  const config = loadSettings(context, role);
  const logger = createLogger(config);
  const app = await createRole[role](config, { logger });
  const stopped = runUntilStopped(app, logger);
  await app.start();
  context.print(`watmeter ${role} is ready: ${app.address()}/health/ready`);
  return stopped;
}

/** On the very first start, unless ADMIN_TOKEN is set or the store is shared: printed on a terminal, else kept in a file (mode 0600). */
async function makeFirstAdminToken(
  { apiTokens }: AllProcess,
  config: Config,
  isTerminal: boolean,
): Promise<FirstToken> {
  if (config.adminToken !== undefined || (await apiTokens.hasAdmin())) return { kind: 'none' };
  // Several processes may make their first start at once: which one's token would be valid is left to chance.
  if (config.databaseUrl !== undefined) return { kind: 'to-be-made' };
  const token = isTerminal
    ? makeAdminToken()
    : readOrCreateSecretFile(config.dataDir, 'admin-token', makeAdminToken);
  await apiTokens.setAdmin(token);
  return isTerminal ? { kind: 'shown', token } : { kind: 'in-file' };
}

/**
 * Resolves to the exit code when every part has stopped: after SIGTERM or SIGINT, or because a part has stalled that only
 * a new process repairs. Ends the process when stopping takes longer than 15 s.
 */
function runUntilStopped(app: WatmeterProcess, logger: Logger): Promise<ExitCode> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (reason: string, exitCode: ExitCode) => {
      if (stopping) return;
      stopping = true;
      clearInterval(stallTimer);
      logger.info({ reason }, 'stopping');
      setTimeout(() => {
        const part = app.stoppingPart();
        logger.error({ part }, 'stopping took too long: what was accepted is in the journal');
        process.exit(exitCodes.failed);
      }, stopDeadlineMs).unref();
      void app.stop().then(() => {
        resolve(exitCode);
        // Connections to a broker that no longer answers would keep the process.
        setTimeout(() => process.exit(exitCode), lastWordsMs).unref();
      });
    };
    const stallTimer = setInterval(() => {
      const reason = app.stalled();
      if (reason !== undefined) stop(reason, exitCodes.failed);
    }, stallLookMs);
    process.on('SIGTERM', () => stop('SIGTERM', exitCodes.done));
    process.on('SIGINT', () => stop('SIGINT', exitCodes.done));
  });
}
