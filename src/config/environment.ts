import type { Environment } from '../platform/settings/define-settings.ts';

/** Returns the process's environment. No other code reads it. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
