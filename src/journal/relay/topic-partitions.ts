import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Kafka } from '../../platform/kafka/client.ts';

export interface TopicPartitionsConfig {
  readonly topic: string;
  /** Where the last known number is kept. */
  readonly file: string;
}

/** How many partitions the topic has, as far as this gateway knows. */
export interface TopicPartitions {
  count(): number;
  /** Asks Kafka. @throws when it does not answer: the last known number stands. */
  refresh(): Promise<void>;
}

/**
 * A gateway takes sessions while Kafka is away, also right after its start: so the number is remembered. Where it was
 * never known everything goes to partition 0, which every topic has. An event keeps its partition for ever.
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
        const found = topics[0]?.partitions.length ?? 0;
        if (found === 0) throw new Error(`the topic ${topic} has no partitions`);
        if (found !== count) writeCount(file, found);
        count = found;
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
