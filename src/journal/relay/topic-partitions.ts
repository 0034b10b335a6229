import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Kafka } from '../../platform/kafka/client.ts';

export interface TopicPartitionsConfig {
  readonly topic: string;
  /** Path of the file with the last known number. */
  readonly file: string;
}

/** The number of partitions in the topic, as this gateway knows it. */
export interface TopicPartitions {
  count(): number;
  /** Reads the number from Kafka. @throws Error if Kafka does not respond. The last known number is then kept. */
  refresh(): Promise<void>;
}

/**
 * Creates a source of the number of partitions. Its first value is the number in the file, so that a gateway can accept
 * sessions if Kafka is down at startup. Without the file, all events go to partition 0, which every topic has. The
 * partition of an event never changes.
 */
export function createTopicPartitions({ topic, file }: TopicPartitionsConfig, kafka: Kafka): TopicPartitions {
  let count = readCount(file);
  return {
    count: () => count,
    async refresh() {
      const admin = kafka.admin({ retry: { retries: 1 } });
      try {
        await admin.connect();
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]?.partitions.length ?? 0;
        if (partitions === 0) throw new Error(`the topic ${topic} has no partitions`);
        if (partitions !== count) writeCount(file, partitions);
        count = partitions;
      } finally {
        await admin.disconnect();
      }
    },
  };
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
