/** The three levels of a validation, in their order. */
export const levels = ['structure', 'logic', 'data'] as const;
export type Level = (typeof levels)[number];

/** Only an error keeps a token from being made, or from being valid. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What a validation found. Text and path are ours: a finding never repeats a claim's value. */
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

/** A list that can be read and sent: errors first where it is too long, and its end says what was left out. */
export function readable(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= maxFindings) return findings;
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const kept = [...findings].sort((one, other) => rank(one) - rank(other)).slice(0, maxFindings);
  const left = findings.length - maxFindings;
  const message = `has ${left} more findings, which are left out here`;
  return [...kept, { level: 'structure', path: '', severity: 'info', message, fix: 'Mend these first.' }];
}
