import { defineSettings, optional, setting } from '../platform/settings/define-settings.ts';
import { oneOf, text } from '../platform/settings/setting-types.ts';

/** Settings for the process as a whole. */
export const appSettings = defineSettings({
  DATA_DIR: setting(text(), {
    default: './data',
    doc: 'Directory of the journal, the embedded stores and the generated secrets. Only one process can use it at a time.',
  }),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    default: 'info',
    doc: 'Lowest level of log lines. Logs are JSON lines on standard error.',
  }),
  SUPERVISE: setting(oneOf('true', 'false'), {
    default: 'true',
    doc: 'Whether a small watchdog process logs a native crash, and kills the process if its event loop does not run for 30 s (docs/how-to/failures.md).',
  }),
  DANGEROUS_FAILPOINT: optional(text(), {
    doc: 'For tests only. Kills the process with SIGKILL at a step of the delivery path: `name` or `name:n` (docs/explanation/delivery.md).',
  }),
});
