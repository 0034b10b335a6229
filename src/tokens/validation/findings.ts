/** The three levels of validation, in order. */
export const levels = ['structure', 'logic', 'data'] as const;
export type Level = (typeof levels)[number];

/** Only an error prevents a token from being created or from being valid. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A result of validation. Its texts and path are fixed: they never contain the value of a claim. */
export interface Finding {
  readonly level: Level;
  /** JSON pointer into the payload, `/header/...` for the header, `/token` for the token itself. */
  readonly path: string;
  readonly severity: Severity;
  readonly message: string;
  /** How to fix the problem. */
  readonly fix: string;
}

/** Returns whether any finding is an error, which prevents the token from being created or from being valid. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

const maxFindings = 1000;

/**
 * Returns at most 1000 findings. If there are more, errors come first and a last entry contains the number of findings
 * left out.
 */
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
