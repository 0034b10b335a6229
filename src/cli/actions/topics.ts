import type { Config } from '../../app/config.ts';
import { openKafka } from '../../app/stores/kafka.ts';
import { checkTopic, createTopic, type TopicPlan } from '../../journal/relay/topic-settings.ts';
import { createLogger } from '../../platform/logger.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

/** Creates the configured topic. If the topic exists, compares it with the settings and prints the differences. */
export async function ensureTopic(context: CommandContext): Promise<ExitCode> {
  const config = loadSettings(context);
  if (config.kafkaBrokers === undefined)
    throw new CommandFailure(exitCodes.failed, 'KAFKA_BROKERS must be set.');
  const plan = planOf(config);
  const admin = openKafka(config, createLogger({ logLevel: 'silent' })).admin();
  await admin.connect();
  try {
    if (await createTopic(admin, plan)) {
      context.print(`Created the topic ${plan.topic} with ${plan.partitions} partitions.`);
      return exitCodes.done;
    }
    const faults = await checkTopic(admin, plan);
    if (faults.length === 0) context.print(`The topic ${plan.topic} matches the settings.`);
    for (const fault of faults) context.printError(fault);
    return faults.length === 0 ? exitCodes.done : exitCodes.failed;
  } finally {
    await admin.disconnect();
  }
}

function planOf(config: Config): TopicPlan {
  return {
    topic: config.kafkaTopic,
    partitions: config.kafkaPartitions,
    replication: config.kafkaReplication,
    minInSync: config.kafkaMinInSync,
    retentionMs: config.kafkaRetention,
    compression: config.kafkaCompression,
  };
}
