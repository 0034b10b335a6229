import type { Command } from 'commander';
import type { ListLettersOptions, ReplayOptions } from '../../actions/stored-sessions/dead-letters.ts';
import type { SkipOptions } from '../../actions/stored-sessions/skip-message.ts';
import { CommandFailure, exitCodes } from '../../support/command-failure.ts';
import type { RunAction } from '../../support/run-action.ts';
import { parseCount, parseTime, parseWhole } from '../options.ts';

const load = () => import('../../actions/stored-sessions/dead-letters.ts');

/** Adds the command `dead-letters`, which manages messages that no consumer could read. */
export function addDeadLetterCommands(program: Command, run: RunAction): void {
  const letters = program
    .command('dead-letters')
    .summary('list, show, replay and skip messages that could not be read')
    .description(
      'Lists, shows, replays and skips messages that could not be read. Only one process can use the embedded tables: stop watmeter first.',
    );
  letters
    .command('list')
    .description('Lists dead letters, newest first.')
    .option('--reason <text>', 'list only dead letters with this reason')
    .option('--producer <id>', 'list only dead letters of this producer')
    .option(
      '--since <time>',
      'list only dead letters that were first seen at or after this instant',
      parseTime,
    )
    .option('--limit <count>', 'maximum number of dead letters to list', parseCount, 50)
    .option('--all', 'include replayed dead letters')
    .option('--json', 'print JSON, one dead letter per line')
    .action(
      run(async (context, options: ListLettersOptions) => (await load()).listLetters(context, options)),
    );
  letters
    .command('show')
    .description(
      'Shows a dead letter with its headers and its body. Bytes that are not text are shown as hex.',
    )
    .argument('<id>', 'id of the dead letter')
    .action(run(async (context, id: string) => (await load()).showLetter(context, id)));
  letters
    .command('replay')
    .description(
      'Decodes dead letters again and stores those that this version can read. Fails if it cannot read one of them.',
    )
    .argument('[id...]', 'dead letter ids')
    .option('--all-of <reason>', 'all dead letters with this reason, instead of ids')
    .action(
      run(async (context, ids: string[], options: ReplayOptions) => {
        if ((options.allOf === undefined) === (ids.length === 0))
          throw new CommandFailure(exitCodes.usageError, 'pass either dead letter ids or --all-of REASON');
        return (await load()).replayLetters(context, ids, options);
      }),
    );
  letters
    .command('skip')
    .description(
      'Moves a message of a newer version from Kafka into the dead letters, so that its partition continues. Its session is counted after a newer version replays it.',
    )
    .requiredOption('--partition <number>', 'partition that waits at the message', parseWhole)
    .requiredOption('--offset <number>', 'offset of the message', parseWhole)
    .option('--yes', 'skip without a question; required without a terminal')
    .action(
      run(async (context, options: SkipOptions) =>
        (await import('../../actions/stored-sessions/skip-message.ts')).skipMessage(context, options),
      ),
    );
}
