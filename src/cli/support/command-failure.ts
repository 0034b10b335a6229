/** The exit codes of every command (docs/reference/command-line.md). */
export const exitCodes = {
  done: 0,
  /** The command was called correctly and did not succeed, or its answer is no. */
  failed: 1,
  /** The words, an option or a file named in one is wrong. Nothing was changed. */
  usageError: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure in lines for a person: the first says what failed, the others what to do. Holds no secret. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];

  constructor(exitCode: Exclude<ExitCode, 0>, ...lines: readonly string[]) {
    super(lines[0]);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
    this.lines = lines;
  }
}
