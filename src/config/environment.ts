import type { Environment } from '../platform/settings/define-settings.ts';

/** Returns the process's environment. All other code receives it from here. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
