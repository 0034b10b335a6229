import type { Command } from 'commander';
import type { RepairOptions } from '../../actions/stored-sessions/repair.ts';
import type { VerifyOptions } from '../../actions/stored-sessions/verify.ts';
import type { RunAction } from '../../support/run-action.ts';
import { collect } from '../options.ts';

const journalText =
  'data directory of another journal to read, in addition to DATA_DIR; repeatable; its gateway can keep running';
const embeddedText = 'Only one process can use the embedded tables: stop watmeter first.';

/** Adds the commands `verify` and `repair`, which compare and correct the stored sessions. */
export function addIntegrityCommands(program: Command, run: RunAction): void {
  program
    .command('verify')
    .summary('compare accepted, stored and counted sessions')
    .description(
      `Compares accepted, stored and counted sessions, and lists every missing and surplus session. Fails unless they are equal. ${embeddedText}`,
    )
    .option('--journal <dir>', journalText, collect)
    .option('--quick', 'read the ledger only, not every row')
    .option('--clock', 'list the sessions that a wrong clock dated too late, instead of comparing')
    .option('--json', 'print the report as JSON')
    .action(
      run(async (context, options: VerifyOptions) =>
        (await import('../../actions/stored-sessions/verify.ts')).verify(context, options),
      ),
    );
  program
    .command('repair')
    .summary('remove surplus rows, and store missing sessions from the journals')
    .description(
      `Shows which rows it would remove and which events it would store from the journals. Repairs with --yes, or after a question on a terminal. Fails unless the tables are exact at the end. ${embeddedText}`,
    )
    .option('--journal <dir>', journalText, collect)
    .option('--yes', 'repair without confirmation; required without a terminal')
    .action(
      run(async (context, options: RepairOptions) =>
        (await import('../../actions/stored-sessions/repair.ts')).repair(context, options),
      ),
    );
}
