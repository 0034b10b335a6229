import type { Admin, Kafka } from '../../src/platform/kafka/client.ts';

export interface GroupName {
  readonly topic: string;
  readonly group: string;
}

/**
 * Returns the offset at which to start: the committed offset, if the topic still has it, otherwise the topic's lowest
 * offset. The topic may have lost the committed offset through its retention, or because it was deleted and created
 * again.
 *
 * Each call opens a new connection. Calls are rare, and an existing connection may lead to a frozen broker.
 */
export async function readStartOffset(kafka: Kafka, name: GroupName, partition: number): Promise<number> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  try {
    await admin.connect();
    return await startOffset(admin, name, partition);
  } finally {
    void admin.disconnect().catch(() => {});
  }
}

async function startOffset(admin: Admin, { topic, group }: GroupName, partition: number): Promise<number> {
  const [committed, topicOffsets] = await Promise.all([
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ]);
  const bounds = topicOffsets.find((entry) => entry.partition === partition);
  const hint = committed[0]?.partitions.find((entry) => entry.partition === partition)?.offset;
  return offsetWithin(Number(hint ?? -1), Number(bounds?.low ?? 0), Number(bounds?.high ?? 0));
}

function offsetWithin(offset: number, low: number, high: number): number {
  return offset < low || offset > high ? low : offset;
}
