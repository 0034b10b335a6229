import type { Environment } from '../platform/settings/define-settings.ts';

/** The one place that reads the process's environment. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
