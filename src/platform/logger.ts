import { type Logger, pino } from 'pino';
import { createLogDestination, type LogDestination } from './log-destination.ts';

export type { Logger } from 'pino';

export type CountingLogger = Logger & Pick<LogDestination, 'droppedLines'>;

/**
 * Creates a logger that writes JSON lines to standard error. Callers must not log values that may contain a secret:
 * they log a request's route instead of its URL (platform/http/server.ts), and only the reason why a token was
 * rejected. The redaction below is an additional safeguard.
 *
 * Lines that standard error does not accept are dropped and counted. They never delay a request or a stop.
 */
export function createLogger(config: { logLevel: string }): CountingLogger {
  const destination = createLogDestination();
  const logger = pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: ['req.headers', 'headers', '*.webAccessToken', '*.authorization', '*.cookie', '*.privateKey'],
        censor: '[redacted]',
      },
    },
    destination,
  );
  return Object.assign(logger, { droppedLines: destination.droppedLines });
}
