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
  /** What to do about it. */
  readonly fix: string;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

const maxFindings = 1000;

/** Returns a list of readable length. A longer list is sorted, errors first, and its last entry counts the rest. */
export function readable(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= maxFindings) return findings;
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const kept = [...findings].sort((first, second) => rank(first) - rank(second)).slice(0, maxFindings);
  const left = findings.length - maxFindings;
  const message = `has ${left} more findings, which are left out here`;
  return [...kept, { level: 'structure', path: '', severity: 'info', message, fix: 'Mend these first.' }];
}
