import type { Message, Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { readTopic, testKafka } from '../../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../../support/services/kafka-topics.ts';
import { describeServices } from '../../support/services/need.ts';

const topic = 'events';
const partitions = [0, 1, 2];

describeServices('kafkajs when one of three brokers fails during a send', ['kafka'], () => {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  let producer: Producer;

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 3 });
    topics = await openTopicTools(cluster.bootstrap);
    await topics.create(topic, partitions.length);
    const kafka = testKafka(cluster.bootstrap, { requestTimeout: 1500 });
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
  });
  afterAll(async () => {
    await producer?.disconnect();
    await topics?.close();
    await cluster?.stop();
  });

  async function sendToAll(value: string): Promise<number[]> {
    const messages: Message[] = partitions.map((partition) => ({
      partition,
      value: `${value}/${partition}`,
    }));
    const answer = await producer.send({ topic, acks: -1, messages });
    return answer.map(({ partition }) => partition).sort();
  }

  async function leaderOf(partition: number): Promise<KafkaBroker | undefined> {
    const { topics: metadata } = await topics.admin.fetchTopicMetadata({ topics: [topic] });
    const partitionMetadata = metadata[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    return cluster.brokers.find(({ id }) => id === partitionMetadata?.leader);
  }

  async function waitForNewLeader(oldLeader: KafkaBroker): Promise<void> {
    await expect.poll(() => leaderOf(2).catch(() => oldLeader), { timeout: 30_000 }).not.toBe(oldLeader);
    // The other brokers respond once they have removed the frozen broker from the in-sync replicas.
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }

  async function readPartition(partition: number): Promise<string[]> {
    const endOffsets = (await topics.bounds(topic)).map(({ high }) => Number(high));
    const count = endOffsets.reduce((sum, end) => sum + end, 0);
    const messages = await readTopic(testKafka(cluster.bootstrap), topic, count);
    return messages.filter((message) => message.partition === partition).map(({ value }) => value);
  }

  it('loses messages for a partition whose leader moved, although send() with acks=-1 resolves', async () => {
    expect(await sendToAll('before')).toEqual(partitions);
    const broker = await leaderOf(2);
    if (broker === undefined) throw new Error('no leader');
    broker.freeze();
    const sending = sendToAll('during');
    await waitForNewLeader(broker);
    broker.resume();
    // Only the response reveals the loss. The relay must check that it contains each partition, and otherwise send again.
    expect(await sending).toEqual([0, 1]);
    expect(await sendToAll('after')).toEqual(partitions);
    expect(await readPartition(2)).toEqual(['before/2', 'after/2']);
  });
});
