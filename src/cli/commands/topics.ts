import type { Command } from 'commander';
import type { RunAction } from '../support/run-action.ts';

/** Adds the command `topics`, which creates or checks the Kafka topic. */
export function addTopicsCommand(program: Command, run: RunAction): void {
  program
    .command('topics')
    .summary('create or check the topic in Kafka')
    .description(
      'Creates the topic KAFKA_TOPIC. If it exists, compares it with the settings. Fails if they differ.',
    )
    .action(run(async (context) => (await import('../actions/topics.ts')).ensureTopic(context)));
}
