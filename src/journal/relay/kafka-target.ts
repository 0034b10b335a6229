import { sessionIdOf } from '../../events/session-event.ts';
import type { Kafka, Producer } from '../../platform/kafka/client.ts';
import { compressions, Partitioners } from '../../platform/kafka/client.ts';
import type { JournalEntry } from '../log/journal.ts';
import type { RelayTarget } from './relay.ts';

export interface KafkaTargetConfig {
  readonly topic: string;
  readonly compression: keyof typeof compressions;
}

/** Kafka's acknowledgement of all in-sync replicas. */
const allReplicas = -1;

/**
 * The topic as the relay's target. Each message names its partition: it is part of the event, and kafkajs would
 * choose another one whenever it tries again.
 */
export function createKafkaTarget(config: KafkaTargetConfig, kafka: Kafka): RelayTarget {
  let connecting: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
      // The relay tries again, with a new producer: one that is kept asks a frozen leader for minutes.
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
      refusePartialAnswer(entries, answers);
    },
    async reset() {
      const producer = connecting;
      connecting = undefined;
      await producer?.then((open) => open.disconnect()).catch(() => {});
    },
  };
}

/**
 * kafkajs resolves a send that left a partition out, when its leader moves to a broker that has already answered for
 * others (test/services/kafkajs/partial-failure.test.ts). Only the answer tells.
 */
function refusePartialAnswer(
  entries: readonly JournalEntry[],
  answers: readonly { readonly partition: number; readonly errorCode: number }[],
): void {
  const answered = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map(({ partition }) => partition),
  );
  const left = entries.find(({ partition }) => !answered.has(partition));
  if (left !== undefined) throw new Error(`Kafka did not answer for partition ${left.partition}`);
}

/**
 * docs/reference/session-event.md. The identity stands beside the body too, so that a body nobody can read still has one. The
 * record's time is that of the send: what waited long in the journal would else be past the topic's retention.
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
