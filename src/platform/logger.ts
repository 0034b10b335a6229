import { destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * Creates a logger that writes JSON lines to standard error. Callers must not pass values that may contain a
 * secret: a request is logged with its route instead of its URL (platform/http/server.ts), and a token error
 * with its reason. The redaction below is a second safeguard.
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
