import { randomBytes } from 'node:crypto';
import { startKafka } from '../../test/support/services/kafka.ts';
import { openTopicTools } from '../../test/support/services/kafka-topics.ts';

/** A real broker, in a process of its own. */
export interface Broker {
  readonly brokers: readonly string[];
  /** Makes a topic and answers its name. */
  createTopic(partitions: number): Promise<string>;
  countRecords(topic: string): Promise<number>;
}

/** Runs work with a broker of its own; its process and data are gone afterwards. */
export async function withBroker<T>(work: (broker: Broker) => Promise<T>): Promise<T> {
  const kafka = await startKafka({
    brokers: 1,
    // A topic of millions of events is read several times: nothing of it may be trimmed or compacted meanwhile.
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
