import { type Command, Option } from 'commander';
import type { ImportOptions } from '../../actions/stored-sessions/import-sessions.ts';
import type { RunAction } from '../../support/run-action.ts';
import { addApiOptions } from '../options.ts';

const formats = ['csv', 'jsonl', 'parquet'];

/** Adds the command `import`, which imports sessions from another system. */
export function addImportCommands(program: Command, run: RunAction): void {
  const command = program
    .command('import')
    .summary('import sessions of another system from a file')
    .description('Imports data of another system into a running instance.');
  const sessions = command
    .command('sessions')
    .description(
      'Imports the sessions of a file into a running instance. Checks the whole file first. Each row is stored once, however often the file is imported.',
    )
    .argument('<file>', 'CSV, JSON Lines or Parquet file')
    .addOption(
      new Option('--format <format>', 'format of the file (default: from its name)').choices(formats),
    )
    .option('--dry-run', 'check the file without storing sessions');
  addApiOptions(sessions).action(
    run(async (context, file: string, options: ImportOptions) =>
      (await import('../../actions/stored-sessions/import-sessions.ts')).importSessions(
        context,
        file,
        options,
      ),
    ),
  );
}
