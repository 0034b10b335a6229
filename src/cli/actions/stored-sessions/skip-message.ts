import { randomUUID } from 'node:crypto';
import { readMessage } from '../../../../consumers/dead-letter/read-message.ts';
import { createSkippedLetter } from '../../../../consumers/dead-letter/skipped-letter.ts';
import { readOneMessage } from '../../../../consumers/kafka/read-one-message.ts';
import { createClickHouseEventStore } from '../../../../consumers/store/clickhouse-event-store.ts';
import type { Config } from '../../../app/config.ts';
import { openKafka } from '../../../app/stores/kafka.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createLogger } from '../../../platform/logger.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';
import { commandLineActor, withEventTables } from '../../support/event-tables.ts';
import { loadSettings } from '../../support/settings.ts';
import { withAudit } from './command-audit.ts';

export interface SkipOptions {
  readonly partition: number;
  readonly offset: number;
  readonly yes?: true;
}

const timeoutMs = 60_000;

/**
 * Stores a message of a newer version as a dead letter, so that the sink that waits at the message continues. The
 * dead letter contains the bytes of the message. A newer version can therefore store the event with `dead-letters
 * replay`.
 * @throws CommandFailure if there is no such message, or if this version can read it.
 */
export async function skipMessage(context: CommandContext, options: SkipOptions): Promise<ExitCode> {
  const config = loadSettings(context);
  if (config.kafkaBrokers === undefined)
    throw new CommandFailure(exitCodes.usageError, 'KAFKA_BROKERS must be set.');
  if (!options.yes) await confirm(options, context);
  context.showProgress('reading the message from Kafka');
  const letter = await readLetter(config, options);
  return withEventTables(config, context, async ({ client }) => {
    const entry = { actor: commandLineActor(), action: 'dead-letter.skip', target: letter.id, details: {} };
    await withAudit(config, (audit) =>
      audit.around(entry, async () => {
        await createClickHouseEventStore(client, systemClock).insertDeadLetters([letter]);
        return {};
      }),
    );
    context.print(`${letter.id}: skipped (${letter.reason})`);
    return exitCodes.done;
  });
}

async function readLetter(config: Config, { partition, offset }: SkipOptions) {
  const kafka = openKafka(config, createLogger({ logLevel: 'silent' }));
  const topic = config.kafkaTopic;
  const group = `${config.kafkaGroup}-skip-${randomUUID()}`;
  const message = await readOneMessage(kafka, { topic, partition, offset }, { group, timeoutMs });
  if (message === undefined)
    throw new CommandFailure(
      exitCodes.failed,
      `partition ${partition} of ${topic} has no message at offset ${offset}`,
      '/health/ready of the consumers names the partition and the offset.',
    );
  const decoded = readMessage(message);
  if (decoded.kind !== 'newer-version')
    throw new CommandFailure(
      exitCodes.failed,
      'this version reads the message, so no partition waits at it',
      'Only a message of a newer version can be skipped.',
    );
  return createSkippedLetter(message, `${topic}/${partition}`, decoded.type, partition);
}

async function confirm(
  { partition, offset }: SkipOptions,
  { ask }: Pick<CommandContext, 'ask'>,
): Promise<void> {
  if (ask === undefined)
    throw new CommandFailure(
      exitCodes.usageError,
      'without a terminal, --yes is required',
      'The session of a skipped message is not counted until a newer version replays its dead letter.',
    );
  const answer = await ask(
    `Skip offset ${offset} of partition ${partition}? Its session is not counted until it is replayed. Type yes: `,
  );
  if (answer.trim() !== 'yes') throw new CommandFailure(exitCodes.failed, 'nothing was skipped');
}
