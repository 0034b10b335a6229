import type { Command } from 'commander';
import type { RunAction } from '../support/run-action.ts';

/** Adds the command `config`, which validates the settings. */
export function addConfigCommands(program: Command, run: RunAction): void {
  program
    .command('config')
    .summary('check the settings')
    .description('Checks the settings in the environment.')
    .command('check')
    .description('Checks the settings in the environment and lists every error.')
    .action(run(async (context) => (await import('../actions/config-check.ts')).checkConfig(context)));
}
