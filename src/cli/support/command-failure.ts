/** Exit codes of all commands (docs/reference/command-line.md). */
export const exitCodes = {
  done: 0,
  /** The command line was correct, but the command failed or its check found a problem. */
  failed: 1,
  /** A command, an option, or a file that the command line specifies is wrong. Nothing was changed. */
  usageError: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * A failure that the user sees. The first line says what failed, the others say what to do. It contains no secret.
 */
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
