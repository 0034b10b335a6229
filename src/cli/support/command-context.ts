import type { Environment } from '../../platform/settings/define-settings.ts';

/** What a command gets from its process. */
export interface CommandContext {
  readonly env: Environment;
  /** Writes a line of the result to standard output. */
  print(line: string): void;
  /** Writes a line for a person to standard error. */
  printError(line: string): void;
  /**
   * Reports what a long command does: on a terminal in one line that changes, else in one line for each step.
   * @param detail How far the step is, such as "12 of 40". Only a terminal shows it.
   */
  showProgress(step: string, detail?: string): void;
  readStdin(): Promise<string>;
  /** Asks a person and resolves to the answer. Absent unless standard input and output are terminals. */
  readonly ask?: (question: string) => Promise<string>;
}
