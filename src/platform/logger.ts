import { destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * Creates a logger that writes JSON lines to standard error. Callers must not log values that may contain a secret:
 * they log a request's route instead of its URL (platform/http/server.ts), and only the reason why a token was
 * rejected. The redaction below is an additional safeguard.
 */
export function createLogger(config: { logLevel: string }): Logger {
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: ['req.headers', 'headers', '*.webAccessToken', '*.authorization', '*.cookie', '*.privateKey'],
        censor: '[redacted]',
      },
    },
    destination({ dest: 2, sync: false }),
  );
}
