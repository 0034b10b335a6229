import type { Finding } from '../../tokens/validation/findings.ts';

/** Formats a finding as one line. */
export function findingLine({ level, path, severity, message, fix }: Finding): string {
  return `${severity}: ${level}: ${path || 'the payload'} ${message}. ${fix}`;
}
