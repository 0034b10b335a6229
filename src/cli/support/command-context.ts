import type { Environment } from '../../platform/settings/define-settings.ts';

/** Environment, input and output of a command. */
export interface CommandContext {
  readonly env: Environment;
  /** Writes a line of the result to standard output. */
  print(line: string): void;
  /** Writes a message to standard error. */
  printError(line: string): void;
  /**
   * Shows the progress of a long command. On a terminal, one line is updated. Any other output gets one line per
   * step.
   * @param detail progress within the step, such as "12 of 40". Shown only on a terminal.
   */
  showProgress(step: string, detail?: string): void;
  readStdin(): Promise<string>;
  /** Asks the user a question and resolves to the reply. Undefined unless standard input and output are terminals. */
  readonly ask?: (question: string) => Promise<string>;
}
