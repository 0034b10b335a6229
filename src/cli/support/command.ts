import type { Environment } from '../../config/parse.ts';

/** What a command gets from its process. */
export interface CommandContext {
  /** Words after the command's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  print(line: string): void;
  printError(line: string): void;
  readonly isTerminal: boolean;
  readStdin(): Promise<string>;
  /** Asks a person and resolves to the answer; absent where nobody is at a terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** A command of the watmeter executable. Resolves to the exit code. */
export interface Command {
  /** As typed: `config check`. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  run(context: CommandContext): Promise<number>;
}
