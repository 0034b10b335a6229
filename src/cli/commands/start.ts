import type { Command } from 'commander';
import type { Role } from '../../app/roles.ts';
import type { RunAction } from '../support/run-action.ts';

const roleCommands: Readonly<Record<Exclude<Role, 'all'>, { summary: string; description: string }>> = {
  gateway: {
    summary: 'exchange tokens for sessions and send them to Kafka',
    description:
      'Runs a gateway: it exchanges tokens, writes each session to its journal and sends the journal to Kafka. Needs KAFKA_BROKERS and DATABASE_URL.',
  },
  consumer: {
    summary: 'store the session events from Kafka in ClickHouse',
    description:
      'Runs a consumer: it stores the session events from Kafka in ClickHouse. Several consumers share the partitions. Needs KAFKA_BROKERS and CLICKHOUSE_URL.',
  },
  api: {
    summary: 'serve the API and the dashboard',
    description:
      'Serves token configurations, usage and the dashboard. Needs CLICKHOUSE_URL and DATABASE_URL.',
  },
};

/** Adds the commands `start`, `gateway`, `consumer` and `api`, which run until they are stopped. */
export function addStartCommands(program: Command, run: RunAction): void {
  program
    .command('start')
    .summary('run everything in one process (default)')
    .description(
      'Runs the gateway, the sink, the API and the dashboard in one process. Uses the embedded stores unless the settings configure other stores. SIGTERM or SIGINT stops it.',
    )
    .action(run(async (context) => (await import('../actions/start.ts')).start(context)));
  for (const role of ['gateway', 'consumer', 'api'] as const) {
    const { summary, description } = roleCommands[role];
    program
      .command(role)
      .summary(summary)
      .description(description)
      .action(run(async (context) => (await import('../actions/start.ts')).startRole(context, role)));
  }
}
