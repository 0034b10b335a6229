import type { Command } from 'commander';
import type { ApiOptions } from '../../api/api-session.ts';
import type { RunAction } from '../../support/run-action.ts';
import { addApiOptions } from '../options.ts';

/** Adds the command `retention`, which shows which months EVENT_RETENTION has dropped or will drop. */
export function addRetentionCommands(program: Command, run: RunAction): void {
  const retention = program
    .command('retention')
    .summary('show which months EVENT_RETENTION drops')
    .description('Shows the retention of sessions through the HTTP API of a running instance.');
  const status = retention
    .command('status')
    .description('Lists the months, and which of them the retention has dropped or will drop.');
  addApiOptions(status).action(
    run(async (context, options: ApiOptions) =>
      (await import('../../actions/stored-sessions/retention.ts')).showRetention(context, options),
    ),
  );
}
