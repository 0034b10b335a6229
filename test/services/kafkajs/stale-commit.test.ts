import { AssignerProtocol, type Consumer, type EachBatchHandler, type PartitionAssigner } from 'kafkajs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { testKafka } from '../../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../../support/services/kafka-topics.ts';
import { describeServices } from '../../support/services/need.ts';

const topic = 'events';
const group = 'group';

/** Assigns all partitions to the group member whose id sorts first. */
const firstTakesAll: PartitionAssigner = ({ cluster }) => ({
  name: 'first-takes-all',
  version: 0,
  assign: async ({ members }) => {
    const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
    const [first, ...otherMembers] = members.map(({ memberId }) => memberId).sort();
    const assignment = (memberId: string, all: number[]) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 0,
        assignment: { [topic]: all },
        userData: Buffer.alloc(0),
      }),
    });
    return [assignment(first ?? '', partitions), ...otherMembers.map((memberId) => assignment(memberId, []))];
  },
  protocol: ({ topics }) => ({
    name: 'first-takes-all',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
});

describeServices('a kafkajs batch that outlives its generation', ['kafka'], () => {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 3 });
    topics = await openTopicTools(cluster.bootstrap);
    await topics.create(topic, 3);
    const producer = testKafka(cluster.bootstrap).producer();
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ partition: 0, value: 'x' }] });
    await producer.disconnect();
  });
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    await topics?.close();
    await cluster?.stop();
  });

  async function consume(clientId: string, eachBatch: EachBatchHandler): Promise<Consumer> {
    const kafka = testKafka(cluster.bootstrap, { clientId });
    const consumer = kafka.consumer({
      groupId: group,
      maxWaitTimeInMs: 100,
      metadataMaxAge: 300,
      sessionTimeout: 30_000,
      heartbeatInterval: 10_000,
      partitionAssigners: [firstTakesAll],
    });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 3, eachBatch });
    return consumer;
  }

  it('commits with the new generation id for a partition that another consumer already owns', async () => {
    const deliveredTo: string[] = [];
    const outcome: string[] = [];
    let release: () => void = () => {};
    const untilReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    const old = await consume('b-old', async ({ commitOffsetsIfNecessary }) => {
      deliveredTo.push('old');
      await untilReleased;
      const partitions = [{ partition: 0, offset: '1' }];
      // The commit is repeated, because Kafka rejects it while another rebalance is in progress.
      const commit = () => commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
      await vi.waitFor(commit, { timeout: 20_000, interval: 200 });
      outcome.push(...(await topics.committed(group, topic)).slice(0, 1));
    });
    await expect.poll(() => deliveredTo).toEqual(['old']);
    const assigned: (number[] | undefined)[] = [];
    old.on(old.events.GROUP_JOIN, ({ payload }) => assigned.push(payload.memberAssignment[topic]));

    const joining = consume('a-new', async () => {
      deliveredTo.push('new');
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    // The fetcher of another broker detects the new partitions and rejoins the group while the batch runs.
    await topics.addPartitions(topic, 6);
    await joining;
    const delivered = expect.poll(() => deliveredTo, { timeout: 20_000 }).toEqual(['old', 'new']);
    await delivered.finally(() => release());
    expect(assigned.at(-1)).toEqual([]);
    await expect.poll(() => outcome, { timeout: 40_000 }).toEqual(['1']);
  });
});
