import type { Environment } from './parse.ts';

/** The one place that reads the process's environment. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
