import type { Command } from 'commander';
import type { ForgetOptions } from '../../actions/stored-sessions/viewers.ts';
import type { ApiOptions } from '../../api/api-session.ts';
import type { RunAction } from '../../support/run-action.ts';
import { addApiOptions } from '../options.ts';

const load = () => import('../../actions/stored-sessions/viewers.ts');

/** Adds the command `viewers`, which forgets a viewer or lists such requests through the HTTP API. */
export function addViewerCommands(program: Command, run: RunAction): void {
  const viewers = program
    .command('viewers')
    .summary('forget a viewer, and list such requests')
    .description('Forgets viewers through the HTTP API of a running instance.');
  const forget = viewers
    .command('forget')
    .description(
      'Replaces the pseudonym of a viewer by a random one in all sessions, and deletes other data about the viewer. Counts stay the same.',
    )
    .argument('[file]', 'file with the viewer (sub of the tokens), - for standard input (default: asks)')
    .option('--organisation <id>', 'organisation of the viewer (default: that of the API token)');
  addApiOptions(forget).action(
    run(async (context, file: string | undefined, options: ForgetOptions) =>
      (await load()).forgetViewer(context, file, options),
    ),
  );
  const list = viewers
    .command('list')
    .description('Lists the requests to forget viewers, and when the last trace is gone.');
  addApiOptions(list).action(
    run(async (context, options: ApiOptions) => (await load()).listForgetRequests(context, options)),
  );
}
