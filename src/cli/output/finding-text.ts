import type { Finding } from '../../tokens/validation/findings.ts';

/** Returns a finding as one line for a person. */
export function findingLine({ level, path, severity, message, fix }: Finding): string {
  return `${severity}: ${level}: ${path || 'the payload'} ${message}. ${fix}`;
}
