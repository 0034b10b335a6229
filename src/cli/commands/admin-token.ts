import type { Command } from 'commander';
import type { RunAction } from '../support/run-action.ts';

/** Adds the command `admin-token`, which replaces the administrator token. */
export function addAdminTokenCommands(program: Command, run: RunAction): void {
  program
    .command('admin-token')
    .summary('renew the administrator token')
    .description('Manages the administrator token, an API token with every scope.')
    .command('renew')
    .description('Creates a new administrator token and prints it. The old one is invalid at once.')
    .action(run(async (context) => (await import('../actions/admin-token.ts')).renewAdminToken(context)));
}
