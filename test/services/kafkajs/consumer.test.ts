import type { Consumer, ConsumerConfig, EachBatchHandler, EachBatchPayload } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { testKafka } from '../../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../../support/services/kafka-topics.ts';
import { describeServices } from '../../support/services/need.ts';

let names = 0;

describeServices('a kafkajs consumer with watmeter settings', ['kafka'], () => {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  let topic: string;
  let group: string;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 1 });
    topics = await openTopicTools(cluster.bootstrap);
  });
  afterAll(async () => {
    await topics?.close();
    await cluster?.stop();
  });
  beforeEach(async () => {
    names += 1;
    topic = `events-${names}`;
    group = `group-${names}`;
    await topics.create(topic, 1);
    await send(0, 10);
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()));
  });

  async function send(start: number, end: number): Promise<void> {
    const producer = testKafka(cluster.bootstrap).producer();
    await producer.connect();
    const messages = Array.from({ length: end - start }, (_, index) => ({
      partition: 0,
      value: String(start + index),
    }));
    await producer.send({ topic, acks: -1, messages });
    await producer.disconnect();
  }

  async function consume(
    eachBatch: EachBatchHandler,
    config: Partial<ConsumerConfig> = {},
  ): Promise<Consumer> {
    const consumer = testKafka(cluster.bootstrap).consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      sessionTimeout: 1500,
      heartbeatInterval: 300,
      ...config,
    });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch });
    return consumer;
  }

  /** Commits through the batch, because that takes effect immediately. */
  const commit = (payload: EachBatchPayload, offset: string) =>
    payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition: 0, offset }] }] });

  it('commits during stop() through the batch, while commitOffsets() silently fails to commit', async () => {
    let stopping: Promise<void> | undefined;
    const committed: string[] = [];
    const consumer = await consume(async (payload) => {
      stopping = consumer.stop();
      await consumer.commitOffsets([{ topic, partition: 0, offset: '4' }]);
      committed.push(...(await topics.committed(group, topic)));
      await commit(payload, '5');
      committed.push(...(await topics.committed(group, topic)));
    });
    await expect.poll(() => committed.length).toBe(2);
    await stopping;
    expect(committed).toEqual(['-1', '5']);
  });

  it('stops without a restart after a TypeError in a handler, while the process keeps running', async () => {
    const crashes: boolean[] = [];
    const consumer = await consume(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new TypeError('a bug');
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => crashes.push(payload.restart));
    await expect.poll(() => crashes, { timeout: 10_000 }).toEqual([false]);
  });

  it('delivers the same batch again after any error other than a TypeError', async () => {
    const offsets: string[] = [];
    await consume(async ({ batch }) => {
      offsets.push(batch.firstOffset() ?? '');
      if (offsets.length === 1) throw new Error('the store is down');
    });
    await expect.poll(() => offsets).toEqual(['0', '0']);
  });

  it('is removed from the group if it does not send heartbeats, detects the removal on commit, and rejoins', async () => {
    const outcomes: unknown[] = [];
    await consume(async (payload) => {
      if (outcomes.length === 0) await new Promise((resolve) => setTimeout(resolve, 3000));
      await commit(payload, '10').then(
        () => outcomes.push('committed'),
        (error) => {
          outcomes.push(error.type);
          throw error;
        },
      );
    });
    await expect.poll(() => outcomes, { timeout: 20_000 }).toEqual(['UNKNOWN_MEMBER_ID', 'committed']);
  });

  it('stays in the group if a timer sends heartbeats', async () => {
    const outcomes: unknown[] = [];
    await consume(async (payload) => {
      const timer = setInterval(() => payload.heartbeat().catch(() => {}), 300);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      clearInterval(timer);
      outcomes.push(await commit(payload, '10').then(() => 'committed'));
    });
    await expect.poll(() => outcomes, { timeout: 20_000 }).toEqual(['committed']);
  });

  it('stops without a restart if it was removed from the group and calls commitOffsets()', async () => {
    const crashes: boolean[] = [];
    const consumer: Consumer = await consume(async () => {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await consumer.commitOffsets([{ topic, partition: 0, offset: '10' }]);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => crashes.push(payload.restart));
    await expect.poll(() => crashes, { timeout: 15_000 }).toEqual([false]);
  });

  it('commits -2 automatically if its offset was deleted, and continues at the earliest offset', async () => {
    await topics.admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '3' }] });
    await topics.deleteRecordsBefore(topic, 0, '6');
    const firsts: unknown[] = [];
    await consume(async ({ batch }) => {
      firsts.push(batch.firstOffset(), ...(await topics.committed(group, topic)));
    });
    await expect.poll(() => firsts, { timeout: 15_000 }).toEqual(['6', '-2']);
  });

  it('continues at the old offset in a topic that was recreated, and skips earlier messages', async () => {
    const firsts: unknown[] = [];
    await consume(async (payload) => {
      firsts.push(payload.batch.firstOffset());
      if (firsts.length > 1) return;
      await commit(payload, '10');
      await topics.remove(topic);
      await topics.create(topic, 1);
      await send(0, 25);
    });
    await expect.poll(() => firsts, { timeout: 15_000 }).toEqual(['0', '10']);
    // The broker deleted the offsets together with the topic, so another consumer starts at the earliest offset.
    expect(await topics.committed(group, topic)).toEqual(['-1']);
  });

  it('restarts automatically if its topic was deleted, and reads the recreated topic', async () => {
    const firsts: unknown[] = [];
    const consumer = await consume(async ({ batch }) => {
      firsts.push(batch.firstOffset());
    });
    await expect.poll(() => firsts).toEqual(['0']);
    const crashes: boolean[] = [];
    consumer.on(consumer.events.CRASH, ({ payload }) => crashes.push(payload.restart));
    await topics.remove(topic);
    await expect.poll(() => crashes[0], { timeout: 15_000 }).toBe(true);
    await topics.create(topic, 1);
    await send(0, 5);
    await expect.poll(() => firsts, { timeout: 15_000 }).toEqual(['0', '0']);
  });
});
