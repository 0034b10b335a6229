import { sessionIdOf } from '../../events/session-event.ts';
import type { Kafka, Producer } from '../../platform/kafka/client.ts';
import { compressions, Partitioners } from '../../platform/kafka/client.ts';
import type { JournalEntry } from '../log/journal.ts';
import type { RelayTarget } from './relay.ts';

export interface KafkaTargetConfig {
  readonly topic: string;
  readonly compression: keyof typeof compressions;
}

/** The `acks` value that waits for all in-sync replicas. */
const allReplicas = -1;

/**
 * Returns the Kafka topic as the target of the relay. Each message names its partition, because the partition is part of the
 * event, and kafkajs could otherwise choose a different one for a retry.
 */
export function createKafkaTarget(config: KafkaTargetConfig, kafka: Kafka): RelayTarget {
  let connecting: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
      // The relay retries with a new producer, because an existing one sends to a frozen leader for minutes.
      retry: { retries: 0 },
    });
    await producer.connect();
    return producer;
  }

  return {
    async send(entries) {
      connecting ??= connect();
      const producer = await connecting;
      const answers = await producer.send({
        topic: config.topic,
        acks: allReplicas,
        compression: compressions[config.compression],
        messages: entries.map(toMessage),
      });
      requireCompleteAnswer(entries, answers);
    },
    async reset() {
      const producer = connecting;
      connecting = undefined;
      await producer?.then((open) => open.disconnect()).catch(() => {});
    },
  };
}

/**
 * Throws if the answer lacks a partition. kafkajs resolves a send without an answer for a partition whose leader moved to a
 * broker that has already answered for other partitions (test/services/kafkajs/partial-failure.test.ts).
 */
function requireCompleteAnswer(
  entries: readonly JournalEntry[],
  answers: readonly { readonly partition: number; readonly errorCode: number }[],
): void {
  const answered = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map(({ partition }) => partition),
  );
  const unanswered = entries.find(({ partition }) => !answered.has(partition));
  if (unanswered !== undefined) throw new Error(`Kafka did not answer for partition ${unanswered.partition}`);
}

/**
 * Returns the Kafka message of an event (docs/reference/session-event.md). The headers repeat the identity, so that an event
 * with an unreadable body still has an identity. The message has the time of the send, because the time of an event that
 * waited long in the journal may be past the retention of the topic.
 */
function toMessage({ producer, partition, sequence, body }: JournalEntry) {
  return {
    partition,
    key: sessionIdOf(body),
    value: body,
    headers: {
      'content-type': 'application/cloudevents+json',
      'wm-producer': producer,
      'wm-partition': String(partition),
      'wm-sequence': String(sequence),
    },
  };
}
