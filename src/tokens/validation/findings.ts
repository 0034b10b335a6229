/** Levels of validation, in the order of validation. */
export const levels = ['structure', 'logic', 'data'] as const;
export type Level = (typeof levels)[number];

/** Severities of findings. Only an error prevents that a token is created or valid. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A result of validation. Its texts and its path are fixed, so they never contain the value of a claim. */
export interface Finding {
  readonly level: Level;
  /** JSON pointer into the payload, `/header/...` for the header, or `/token` for the whole token. */
  readonly path: string;
  readonly severity: Severity;
  readonly message: string;
  /** How to fix the problem. */
  readonly fix: string;
}

/** Returns whether any finding is an error. A token with an error is not created, or is not valid. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

const maxFindings = 1000;

/**
 * Returns at most 1000 findings, errors first. If more findings exist, an additional finding contains the number of
 * those left out.
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
