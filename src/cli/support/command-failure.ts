/** How a command of the API ends that does not do what was asked. Scripts tell them apart. */
export const exitCodes = {
  done: 0,
  /** Asked, and the answer is no: refused, not found, not valid. */
  refused: 1,
  calledWrongly: 2,
  /** Nobody could be asked: no instance, no API token that may, an instance that cannot answer now. */
  notAsked: 3,
} as const;

export type FailureCode = Exclude<(typeof exitCodes)[keyof typeof exitCodes], 0>;

/** Why a command fails, in lines for a person; the first says what, the others what to do. Never a secret. */
export class CommandFailure extends Error {
  readonly exitCode: FailureCode;
  readonly lines: readonly string[];

  constructor(exitCode: FailureCode, ...lines: readonly string[]) {
    super(lines[0]);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
    this.lines = lines;
  }
}
