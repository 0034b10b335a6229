import { randomBytes } from 'node:crypto';
import { startKafka } from '../../test/support/services/kafka.ts';
import { openTopicTools } from '../../test/support/services/kafka-topics.ts';

/** A real Kafka broker in a separate process. */
export interface Broker {
  readonly brokers: readonly string[];
  /** Creates a topic and returns its name. */
  createTopic(partitions: number): Promise<string>;
  countRecords(topic: string): Promise<number>;
}

/** Runs `work` with a new broker. Removes the broker's process and data afterwards. */
export async function withBroker<T>(work: (broker: Broker) => Promise<T>): Promise<T> {
  const kafka = await startKafka({
    brokers: 1,
    // The bench reads a topic with millions of events several times, so the broker must not delete or compact it.
    properties: { 'log.retention.ms': '-1', 'log.segment.bytes': String(256 * 1024 ** 2) },
  });
  const tools = await openTopicTools(kafka.bootstrap);
  try {
    return await work({
      brokers: kafka.bootstrap,
      async createTopic(partitions) {
        const topic = `sessions-${randomBytes(4).toString('hex')}`;
        await tools.create(topic, partitions);
        return topic;
      },
      async countRecords(topic) {
        const bounds = await tools.bounds(topic);
        return bounds.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
      },
    });
  } finally {
    await tools.close();
    await kafka.stop();
  }
}
