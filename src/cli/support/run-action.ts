import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './command-failure.ts';

/**
 * Returns the action of a command for commander, which passes the arguments of the command and then its options. `work`
 * imports the module that does the work, so that a command loads only what it needs.
 */
export type RunAction = <Given extends readonly unknown[]>(
  work: (context: CommandContext, ...given: Given) => Promise<ExitCode>,
) => (...given: [...Given]) => Promise<void>;
