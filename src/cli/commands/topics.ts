import { openKafka } from '../../app/kafka.ts';
import { checkTopic, createTopic, type TopicPlan } from '../../journal/relay/topic-settings.ts';
import { createLogger } from '../../platform/logger.ts';
import type { Command } from '../support/command.ts';
import { loadConfig } from './config-check.ts';

export const topics: Command = {
  name: 'topics',
  usage: 'watmeter topics',
  summary: 'make the topic of the sessions in Kafka, or say what is wrong with the one that is there',
  async run(context) {
    const config = loadConfig(context);
    if (config === undefined) return 1;
    if (config.kafkaBrokers === undefined) {
      context.printError('KAFKA_BROKERS must be set.');
      return 1;
    }
    const plan: TopicPlan = {
      topic: config.kafkaTopic,
      partitions: config.kafkaPartitions,
      replication: config.kafkaReplication,
      minInSync: config.kafkaMinInSync,
      retentionMs: config.kafkaRetention,
      compression: config.kafkaCompression,
    };
    const admin = openKafka(config, createLogger({ logLevel: 'silent' })).admin();
    await admin.connect();
    try {
      if (await createTopic(admin, plan)) {
        context.print(`Made the topic ${plan.topic} with ${plan.partitions} partitions.`);
        return 0;
      }
      const faults = await checkTopic(admin, plan);
      if (faults.length === 0) context.print(`The topic ${plan.topic} is as it should be.`);
      for (const fault of faults) context.printError(fault);
      return faults.length === 0 ? 0 : 1;
    } finally {
      await admin.disconnect();
    }
  },
};
