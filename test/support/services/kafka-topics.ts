import { type Admin, type Batch, type EachBatchPayload, Kafka, logLevel, type Producer } from 'kafkajs';

/** Operations on topics and groups. Each operation opens the connections that it needs, and `close` closes them. */
export interface TopicTools {
  readonly admin: Admin;
  create(topic: string, partitions: number, configs?: Readonly<Record<string, string>>): Promise<void>;
  /** Raises the number of partitions. */
  addPartitions(topic: string, partitions: number): Promise<void>;
  remove(topic: string): Promise<void>;
  /** Deletes the records before an offset, like kafka-delete-records, whether or not a group has consumed them. */
  deleteRecordsBefore(topic: string, partition: number, offset: string): Promise<void>;
  /** Returns the first offset and the next offset of each partition, in partition order. */
  bounds(topic: string): Promise<PartitionBounds[]>;
  /** Returns the committed offset of a group for every partition. '-1' means that no offset is committed. */
  committed(group: string, topic: string): Promise<string[]>;
  /** Resets a group without members to offset 0 in every partition. kafkajs needs five seconds for this. */
  resetGroup(group: string, topic: string): Promise<void>;
  /** Deletes a group without members, together with its offsets. */
  deleteGroup(group: string): Promise<void>;
  /** Copies all current records with their keys, headers and partitions to another topic. */
  copy(from: string, to: string): Promise<CopiedRecords>;
  close(): Promise<void>;
}

export interface CopiedRecords {
  readonly records: number;
  /** Number of these records that are watermarks of gateways, not events. */
  readonly watermarks: number;
}

export interface PartitionBounds {
  readonly partition: number;
  readonly low: string;
  readonly high: string;
}

/** Creates the tools. The caller closes them. */
export async function openTopicTools(bootstrap: readonly string[]): Promise<TopicTools> {
  const kafka = new Kafka({
    brokers: [...bootstrap],
    clientId: 'topic-tools',
    logLevel: logLevel.NOTHING,
    // A broker may be frozen, so requests time out early and go to another broker.
    requestTimeout: 3000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 30 },
  });
  const admin = kafka.admin();
  await admin.connect();

  async function bounds(topic: string): Promise<PartitionBounds[]> {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets
      .map(({ partition, low, high }) => ({ partition, low, high }))
      .sort((left, right) => left.partition - right.partition);
  }

  return {
    admin,
    bounds,
    async create(topic, numPartitions, configs = {}) {
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
    },
    async addPartitions(topic, count) {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
      await untilLed(admin, topic, count);
    },
    remove: (topic) => admin.deleteTopics({ topics: [topic] }),
    async deleteRecordsBefore(topic, partition, offset) {
      // kafkajs finds leaders only for topics whose metadata it has already fetched.
      await bounds(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset }] });
    },
    async committed(groupId, topic) {
      const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const partitions = [...(group?.partitions ?? [])].sort(
        (left, right) => left.partition - right.partition,
      );
      return partitions.map(({ offset }) => offset);
    },
    async resetGroup(groupId, topic) {
      const partitions = (await bounds(topic)).map(({ partition }) => ({ partition, offset: '0' }));
      await admin.setOffsets({ groupId, topic, partitions });
    },
    async deleteGroup(group) {
      await admin.deleteGroups([group]);
    },
    copy: async (from, to) => copyTopic(kafka, from, to, await bounds(from)),
    close: () => admin.disconnect(),
  };
}

const ledTimeoutMs = 20_000;

/** Waits until new partitions have leaders. Before that, they cannot be used. */
async function untilLed(admin: Admin, topic: string, count: number): Promise<void> {
  const deadlineMs = Date.now() + ledTimeoutMs;
  const isLed = async () => (await admin.fetchTopicOffsets(topic)).length === count;
  while (!(await isLed().catch(() => false))) {
    if (Date.now() > deadlineMs) throw new Error(`${topic} does not have ${count} partitions with leaders`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function copyTopic(
  kafka: Kafka,
  from: string,
  to: string,
  bounds: readonly PartitionBounds[],
): Promise<CopiedRecords> {
  const consumer = kafka.consumer({ groupId: `copy-${from}-${to}-${Date.now()}` });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const remaining = new Map(
    bounds.filter(({ low, high }) => low !== high).map((at) => [at.partition, at.high]),
  );
  let [records, watermarks] = [0, 0];
  await Promise.all([consumer.connect(), producer.connect()]);
  try {
    await consumer.subscribe({ topics: [from], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      if (remaining.size === 0) resolve();
      const eachBatch = async ({ batch }: EachBatchPayload) => {
        const end = remaining.get(batch.partition);
        if (end === undefined) return;
        const sent = await sendOn(producer, to, batch, BigInt(end));
        records += sent.records;
        watermarks += sent.watermarks;
        if (BigInt(batch.lastOffset()) + 1n >= BigInt(end)) remaining.delete(batch.partition);
        if (remaining.size === 0) resolve();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect()]);
  }
  return { records, watermarks };
}

async function sendOn(producer: Producer, topic: string, batch: Batch, end: bigint): Promise<CopiedRecords> {
  const messages = batch.messages
    .filter(({ offset }) => BigInt(offset) < end)
    .map(({ key, value, headers = {} }) => ({ key, value, headers, partition: batch.partition }));
  // The records are sent in portions of 500, because the batching of kafkajs takes quadratic time.
  for (let start = 0; start < messages.length; start += 500) {
    await producer.send({ topic, acks: -1, messages: messages.slice(start, start + 500) });
  }
  const watermarks = messages.filter(({ headers }) => 'wm-watermark-producer' in headers);
  return { records: messages.length, watermarks: watermarks.length };
}
