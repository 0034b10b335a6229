import type { Command } from 'commander';
import type { RunAction } from '../support/run-action.ts';

/** Adds the command `relay`, which makes a gateway send its journal to Kafka again. */
export function addRelayCommands(program: Command, run: RunAction): void {
  program
    .command('relay')
    .summary('send the journal to Kafka again')
    .description('Controls the relay, which sends the journal of a gateway to Kafka.')
    .command('rewind')
    .description(
      'Sends all events that are still in the journal in DATA_DIR to Kafka again. Each session stays counted once. A running gateway begins at once, a stopped gateway at its next start.',
    )
    .action(run(async (context) => (await import('../actions/relay-rewind.ts')).rewindRelay(context)));
}
