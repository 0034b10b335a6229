import type { Consumer, Kafka } from '../../src/platform/kafka/client.ts';
import type { SourceMessage } from '../sources/source.ts';
import { toSourceMessage } from './kafka-message.ts';

export interface MessagePlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * Reads one message of a topic. Uses a separate consumer group, so that the group that stores events does not
 * rebalance. Returns undefined if the partition has no message at this offset, or if no message arrives within
 * `timeoutMs`.
 *
 * @param group name of a group that no other consumer uses.
 */
export async function readOneMessage(
  kafka: Kafka,
  place: MessagePlace,
  { group, timeoutMs }: { readonly group: string; readonly timeoutMs: number },
): Promise<SourceMessage | undefined> {
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 500 });
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [place.topic], fromBeginning: true });
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    return await Promise.race([firstFrom(consumer, place), late]);
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}

/**
 * Resolves to the message at the offset. Resolves to undefined if the topic no longer has this message, so that the
 * first message has a later offset.
 */
async function firstFrom(
  consumer: Consumer,
  { topic, partition, offset }: MessagePlace,
): Promise<SourceMessage | undefined> {
  const found = new Promise<SourceMessage | undefined>((resolve, reject) => {
    const running = consumer.run({
      autoCommit: false,
      eachMessage: async (fetched) => {
        const position = Number(fetched.message.offset);
        if (fetched.partition !== partition || position < offset) return;
        resolve(position === offset ? toSourceMessage(fetched.message) : undefined);
      },
    });
    running.catch(reject);
  });
  consumer.seek({ topic, partition, offset: String(offset) });
  return found;
}
