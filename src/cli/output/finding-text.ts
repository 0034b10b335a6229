import type { Finding } from '../../tokens/validation/findings.ts';

/** A finding in one line, for a person. */
export function findingLine({ level, path, severity, message, fix }: Finding): string {
  return `${severity}: ${level}: ${path || 'the payload'} ${message}. ${fix}`;
}
