import { existsSync } from 'node:fs';
import { makeAdminToken } from '../../access/api-tokens/api-tokens.ts';
import type { Config } from '../../app/config.ts';
import { dataPaths } from '../../app/data-paths.ts';
import type { AllProcess } from '../../app/processes/all.ts';
import type { WatmeterProcess } from '../../app/processes/process.ts';
import type { Role } from '../../app/roles.ts';
import { readOrCreateSecretFile } from '../../platform/files/data-directory.ts';
import { createLogger, type Logger } from '../../platform/logger.ts';
import { startWatchdog, type Watchdog } from '../../platform/native/watchdog.ts';
import { type AdminTokenPlace, welcomeLines } from '../output/welcome.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { checkPort, explainPortInUse } from '../support/port-check.ts';
import { loadSettings } from '../support/settings.ts';

const stopDeadlineMs = 15_000;
/** Time after which the process exits even if connections are still open. All components have stopped by then. */
const lastWordsMs = 500;
const stallLookMs = 1000;
const freezeLimitMs = 30_000;
const nativeParts = 'ClickHouse (chdb), the journal (LMDB), the control store (libsql) or Node';

/** Runs all roles in this process until it is stopped. */
export async function start(context: CommandContext): Promise<ExitCode> {
  const config = loadSettings(context);
  const logger = createLogger(config);
  // Without this check, a first start with an unusable port would create keys and an administrator token, and a process
  // with Kafka would join the consumer group and leave it at each restart.
  const isFirstStart = !existsSync(dataPaths(config.dataDir).journal);
  if (isFirstStart || config.kafkaBrokers !== undefined) await checkPort(config);
  const watchdog = watch('watmeter start', config, logger);
  const { createAllProcess } = await import('../../app/processes/all.ts');
  const app = await createAllProcess(config, { logger });
  const admin = await keepAdminToken(app, config);
  const stopped = runUntilStopped(app, logger);
  await explainPortInUse(app.start());
  watchdog?.startHeartbeats();
  for (const line of welcomeLines(app.address(), config, admin)) context.print(line);
  return stopped;
}

/** Imports a role's module only when the role runs, after the settings are validated. */
const loadRole = {
  gateway: async () => (await import('../../app/processes/gateway.ts')).createGatewayProcess,
  consumer: async () => (await import('../../app/processes/consumer.ts')).createConsumerProcess,
  api: async () => (await import('../../app/processes/api.ts')).createApiProcess,
} as const;

/** Runs one role in this process until it is stopped. */
export async function startRole(context: CommandContext, role: Exclude<Role, 'all'>): Promise<ExitCode> {
  const config = loadSettings(context, role);
  const logger = createLogger(config);
  // Without this check, a consumer with an unusable port would join its group and leave it at each restart.
  await checkPort(config);
  const watchdog = watch(`watmeter ${role}`, config, logger);
  const createRole = await loadRole[role]();
  const app = await createRole(config, { logger });
  const stopped = runUntilStopped(app, logger);
  await explainPortInUse(app.start());
  watchdog?.startHeartbeats();
  context.print(`watmeter ${role} is ready: ${app.address()}/health/ready`);
  return stopped;
}

/**
 * Starts the watchdog if SUPERVISE is `true`. Call this function before a native module is loaded, so that the watchdog
 * reports every crash.
 */
function watch(part: string, { supervise }: Pick<Config, 'supervise'>, logger: Logger): Watchdog | undefined {
  return supervise === 'true' ? startWatchdog({ part, nativeParts, freezeLimitMs }, logger) : undefined;
}

/**
 * Creates the administrator token on the first start and stores it in DATA_DIR/admin-token (mode 0600). The token is
 * not printed, because terminals and log files keep output.
 */
async function keepAdminToken({ apiTokens }: AllProcess, config: Config): Promise<AdminTokenPlace> {
  if (config.adminToken !== undefined) return 'setting';
  const file = dataPaths(config.dataDir).adminToken;
  if (await apiTokens.hasAdmin()) return existsSync(file) ? 'file' : 'unknown';
  // With a shared store, several processes may start for the first time simultaneously. Each would create a token,
  // and only one token would be valid.
  if (config.databaseUrl !== undefined) return 'none';
  await apiTokens.setAdmin(readOrCreateSecretFile(config.dataDir, 'admin-token', makeAdminToken));
  return 'file';
}

/**
 * Resolves to the exit code after all components have stopped. They stop after SIGTERM or SIGINT, or if a component
 * has stalled and only a new process helps. Exits the process if stopping takes longer than 15 s.
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
        logger.error({ part }, 'stopping took too long: all accepted sessions are in the journal');
        process.exit(exitCodes.failed);
      }, stopDeadlineMs).unref();
      void app.stop().then(() => {
        resolve(exitCode);
        // Connections to an unresponsive broker would keep the process alive.
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
