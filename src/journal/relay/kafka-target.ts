import { sessionIdOf } from '../../events/session-event.ts';
import { encodeWatermark, type Watermark, watermarkHeaders } from '../../events/watermark.ts';
import type { Kafka, Producer } from '../../platform/kafka/client.ts';
import { compressions, Partitioners } from '../../platform/kafka/client.ts';
import type { JournalEntry } from '../log/journal.ts';
import type { RelayTarget } from './relay.ts';

export interface KafkaTargetConfig {
  readonly topic: string;
  readonly compression: keyof typeof compressions;
}

/** A message with its partition. */
interface Message {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

/** The `acks` value that waits for all in-sync replicas. */
const allReplicas = -1;

/**
 * Creates a relay target that writes to a Kafka topic. Each message specifies the partition of its event, because
 * kafkajs could otherwise choose another partition for a retry.
 */
export function createKafkaTarget(config: KafkaTargetConfig, kafka: Kafka): RelayTarget {
  let connecting: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
      // The relay retries with a new producer, because an existing one sends to an unresponsive leader for minutes.
      retry: { retries: 0 },
    });
    await producer.connect();
    return producer;
  }

  async function send(messages: readonly Message[]): Promise<void> {
    connecting ??= connect();
    const producer = await connecting;
    const answers = await producer.send({
      topic: config.topic,
      acks: allReplicas,
      compression: compressions[config.compression],
      messages: [...messages],
    });
    requireCompleteAnswer(messages, answers);
  }

  return {
    send: (entries) => send(entries.map(toMessage)),
    sendWatermarks: (watermarks) => send(watermarks.map(toWatermarkMessage)),
    async reset() {
      const producer = connecting;
      connecting = undefined;
      await producer?.then((open) => open.disconnect()).catch(() => {});
    },
  };
}

/**
 * Throws if the response lacks the result of a partition. kafkajs resolves a send without this result if the
 * partition's leader moved to a broker that has already responded for other partitions
 * (test/services/kafkajs/partial-failure.test.ts).
 */
function requireCompleteAnswer(
  messages: readonly Message[],
  answers: readonly { readonly partition: number; readonly errorCode: number }[],
): void {
  const answered = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map(({ partition }) => partition),
  );
  const unanswered = messages.find(({ partition }) => !answered.has(partition));
  if (unanswered !== undefined) throw new Error(`Kafka did not answer for partition ${unanswered.partition}`);
}

/**
 * Converts an event to a Kafka message (docs/reference/session-event.md). The headers repeat the identity, so that an
 * event with an unreadable body still has an identity. The message's timestamp is the time of the send, not of the
 * event: an event that waited long in the journal may be older than the topic's retention, and Kafka would delete it.
 */
function toMessage({ producer, partition, sequence, body }: JournalEntry): Message {
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

/**
 * Converts a watermark to a Kafka message. The message has none of the headers of an event, so that no reader
 * mistakes it for one.
 */
function toWatermarkMessage(watermark: Watermark): Message {
  const { producer, partition, sequence } = watermark;
  return {
    partition,
    key: producer,
    value: encodeWatermark(watermark),
    headers: {
      'content-type': 'application/cloudevents+json',
      [watermarkHeaders.producer]: producer,
      [watermarkHeaders.partition]: String(partition),
      [watermarkHeaders.sequence]: String(sequence),
    },
  };
}
