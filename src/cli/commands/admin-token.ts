import type { Command } from 'commander';
import type { RunAction } from '../support/run-action.ts';

/** Adds the command `admin-token`, which replaces the administrator token. */
export function addAdminTokenCommands(program: Command, run: RunAction): void {
  program
    .command('admin-token')
    .summary('renew the token of the administrator')
    .description('Manages the token of the administrator, an API token with every scope.')
    .command('renew')
    .description('Creates a new token of the administrator and prints it. The old one stops at once.')
    .action(run(async (context) => (await import('../actions/admin-token.ts')).renewAdminToken(context)));
}
