import { type Consumer, type IHeaders, Kafka, type KafkaConfig, logLevel } from 'kafkajs';

/** Creates a client that logs nothing and keeps retrying while brokers stop and start. */
export function testKafka(bootstrap: readonly string[], config: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({
    brokers: [...bootstrap],
    clientId: 'watmeter-test',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 1000 },
    ...config,
  });
}

export interface ReadMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | undefined;
  readonly value: string;
  readonly headers: IHeaders;
}

/**
 * Reads a topic from the beginning until `count` messages have arrived.
 * @throws Error if the messages do not arrive in time.
 */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  count: number,
  timeoutMs = 30_000,
): Promise<ReadMessage[]> {
  const consumer = kafka.consumer({ groupId: `read-${topic}-${Math.random()}`, maxWaitTimeInMs: 100 });
  const received: ReadMessage[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Error(`${received.length} of ${count} messages within ${timeoutMs} ms`));
      timer = setTimeout(late, timeoutMs);
      collect(consumer, received, () => received.length >= count && resolve()).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return received;
}

function collect(consumer: Consumer, received: ReadMessage[], progress: () => void): Promise<void> {
  return consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { partition, messages } }) => {
      for (const { offset, key, value, headers = {} } of messages) {
        const text = value?.toString() ?? '';
        received.push({ partition, offset, key: key?.toString(), value: text, headers });
      }
      progress();
    },
  });
}
