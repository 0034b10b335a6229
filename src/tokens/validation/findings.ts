/** The three levels of a validation, in their order. */
export const levels = ['structure', 'logic', 'data'] as const;
export type Level = (typeof levels)[number];

/** Only an error prevents a token from being created, or from being valid. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A result of a validation. Its texts and path are fixed: a finding never repeats a claim's value. */
export interface Finding {
  readonly level: Level;
  /** JSON pointer into the payload, `/header/...` for the header, `/token` for the token itself. */
  readonly path: string;
  readonly severity: Severity;
  readonly message: string;
  /** How to fix it. */
  readonly fix: string;
}

/** Returns whether a finding prevents the token from being created, or from being valid. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

const maxFindings = 1000;

/** Returns at most 1000 findings and, for a longer list, a last entry that counts the rest. Errors then come first. */
export function limitFindings(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= maxFindings) return findings;
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const listed = [...findings].sort((first, second) => rank(first) - rank(second)).slice(0, maxFindings);
  const remaining = findings.length - maxFindings;
  const message = `has ${remaining} more findings that are not listed`;
  return [
    ...listed,
    { level: 'structure', path: '', severity: 'info', message, fix: 'Fix the listed findings first.' },
  ];
}
