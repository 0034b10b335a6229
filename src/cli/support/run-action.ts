import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './command-failure.ts';

/**
 * Converts `work` to a commander action. Commander passes the arguments of the command, then its options. `work`
 * imports its module dynamically, so that a command loads only what it needs.
 */
export type RunAction = <Given extends readonly unknown[]>(
  work: (context: CommandContext, ...given: Given) => Promise<ExitCode>,
) => (...given: [...Given]) => Promise<void>;
