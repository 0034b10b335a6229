import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { withTimeLimit } from '../../platform/background/time-limit.ts';
import type { Admin, Kafka } from '../../platform/kafka/client.ts';

export interface TopicPartitionsConfig {
  readonly topic: string;
  /** Path of the file that stores the last known number of partitions. */
  readonly file: string;
  /** Time limit for a refresh. Without it, a request that kafkajs never settles would block the refresh. */
  readonly timeoutMs: number;
}

/** Number of partitions in the topic, as this gateway knows it. */
export interface TopicPartitions {
  count(): number;
  /**
   * Reads the number from Kafka.
   * @throws Error if Kafka does not respond. `count` then returns the last known number.
   */
  refresh(): Promise<void>;
}

/**
 * Creates a source for the number of partitions. Its first value comes from the file, so that a gateway can accept
 * sessions even if Kafka is down when the gateway starts. Without the file, all events go to partition 0, which every
 * topic has. The partition of an event never changes.
 */
export function createTopicPartitions(config: TopicPartitionsConfig, kafka: Kafka): TopicPartitions {
  const { topic, file, timeoutMs } = config;
  let count = readCount(file);
  return {
    count: () => count,
    async refresh() {
      const admin = kafka.admin({ retry: { retries: 1 } });
      try {
        const partitions = await withTimeLimit(timeoutMs, readPartitionCount(admin, topic));
        if (partitions !== count) writeCount(file, partitions);
        count = partitions;
      } finally {
        // A broker that does not respond must not delay the caller.
        void admin.disconnect().catch(() => {});
      }
    },
  };
}

async function readPartitionCount(admin: Admin, topic: string): Promise<number> {
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions.length ?? 0;
  if (partitions === 0) throw new Error(`the topic ${topic} has no partitions`);
  return partitions;
}

function readCount(file: string): number {
  try {
    const count = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(count) && count > 0 ? count : 1;
  } catch {
    return 1;
  }
}

function writeCount(file: string, count: number): void {
  writeFileSync(`${file}.new`, String(count));
  renameSync(`${file}.new`, file);
}
