import { destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines on standard error. What may hold a secret is never handed to it: requests are logged by their
 * route, not their URL (platform/http/request-log.ts), errors of tokens by reason. The redaction below is the
 * second line of defence.
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
