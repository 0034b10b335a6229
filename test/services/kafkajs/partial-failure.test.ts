import type { Message, Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { readTopic, testKafka } from '../../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../../support/services/kafka-topics.ts';
import { describeServices } from '../../support/services/need.ts';

const topic = 'events';
const partitions = [0, 1, 2];

describeServices('kafkajs: one of three brokers fails in the middle of a send', ['kafka'], () => {
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
    const { topics: found } = await topics.admin.fetchTopicMetadata({ topics: [topic] });
    const at = found[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    return cluster.brokers.find(({ id }) => id === at?.leader);
  }

  async function untilMoved(from: KafkaBroker): Promise<void> {
    await expect.poll(() => leaderOf(2).catch(() => from), { timeout: 30_000 }).not.toBe(from);
    // The others answer once they have given up the frozen one as a replica.
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }

  async function readPartition(partition: number): Promise<string[]> {
    const ends = (await topics.bounds(topic)).map(({ high }) => Number(high));
    const count = ends.reduce((sum, end) => sum + end, 0);
    const found = await readTopic(testKafka(cluster.bootstrap), topic, count);
    return found.filter((message) => message.partition === partition).map(({ value }) => value);
  }

  it('loses what was meant for a leader that moved, though send() resolves and acks=-1', async () => {
    expect(await sendToAll('before')).toEqual(partitions);
    const broker = await leaderOf(2);
    if (broker === undefined) throw new Error('no leader');
    broker.freeze();
    const sending = sendToAll('during');
    await untilMoved(broker);
    broker.resume();
    // Only the answer tells: the relay must find each partition in it, or send again.
    expect(await sending).toEqual([0, 1]);
    expect(await sendToAll('after')).toEqual(partitions);
    expect(await readPartition(2)).toEqual(['before/2', 'after/2']);
  });
});
