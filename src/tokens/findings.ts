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
