import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KafkaCluster, startKafka } from '../support/services/kafka.ts';
import { readTopic, testKafka } from '../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../support/services/kafka-topics.ts';
import { describeServices } from '../support/services/need.ts';

/** Sends messages one by one to alternating partitions. Resolves when all are acknowledged. */
async function sendNumbers(cluster: KafkaCluster, topic: string, start: number, end: number): Promise<void> {
  const producer = testKafka(cluster.bootstrap).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let value = start; value < end; value += 1) {
    const message = {
      partition: value % 2,
      key: `k${value}`,
      value: String(value),
      headers: { n: `h${value}` },
    };
    await producer.send({ topic, acks: -1, messages: [message] });
  }
  await producer.disconnect();
}

async function readNumbers(cluster: KafkaCluster, topic: string, count: number): Promise<number[]> {
  const messages = await readTopic(testKafka(cluster.bootstrap), topic, count);
  return messages.map(({ value }) => Number(value)).sort((left, right) => left - right);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function describeCluster(brokers: 1 | 3): void {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  beforeAll(async () => {
    const started = performance.now();
    cluster = await startKafka({ brokers });
    console.log(`${brokers} broker(s) ready in ${Math.round(performance.now() - started)} ms`);
    topics = await openTopicTools(cluster.bootstrap);
  });
  afterAll(async () => {
    await topics?.close();
    await cluster?.stop();
  });

  it('keeps acknowledged messages when brokers are killed and restarted', async () => {
    await topics.create('kept', 2);
    await sendNumbers(cluster, 'kept', 0, 50);
    for (const broker of cluster.brokers) {
      await broker.kill();
      expect(broker.isRunning()).toBe(false);
      const started = performance.now();
      await broker.start();
      console.log(`broker ${broker.id} is back in ${Math.round(performance.now() - started)} ms`);
    }
    await sendNumbers(cluster, 'kept', 50, 100);
    expect(await readNumbers(cluster, 'kept', 100)).toEqual(numbers(100));
  });

  it('accepts messages again after its brokers were frozen', async () => {
    await topics.create('frozen', 2);
    for (const broker of cluster.brokers) broker.freeze();
    const sending = sendNumbers(cluster, 'frozen', 0, 4);
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const broker of cluster.brokers) broker.resume();
    await sending;
    expect(await readNumbers(cluster, 'frozen', 4)).toEqual(numbers(4));
  });
}

describeServices('a cluster of one Kafka broker', ['kafka'], () => {
  describeCluster(1);

  describe('the topic tools', () => {
    let cluster: KafkaCluster;
    let topics: TopicTools;
    beforeAll(async () => {
      cluster = await startKafka({ brokers: 1 });
      topics = await openTopicTools(cluster.bootstrap);
      await topics.create('events', 2);
      await sendNumbers(cluster, 'events', 0, 20);
    });
    afterAll(async () => {
      await topics?.close();
      await cluster?.stop();
    });

    it('copy a topic with partitions, keys and headers', async () => {
      await topics.create('copy', 2);
      expect(await topics.copy('events', 'copy')).toEqual({ records: 20, watermarks: 0 });
      const [original, copy] = await Promise.all(
        ['events', 'copy'].map((topic) => readTopic(testKafka(cluster.bootstrap), topic, 20)),
      );
      const identityOf = (message: { partition: number; offset: string }) =>
        `${message.partition}/${message.offset}`;
      const sorted = (messages = [] as typeof original) =>
        [...(messages ?? [])].sort((left, right) => identityOf(left).localeCompare(identityOf(right)));
      expect(sorted(copy)).toEqual(sorted(original));
    });

    it('delete records before an offset', async () => {
      await topics.deleteRecordsBefore('copy', 1, '7');
      expect(await topics.bounds('copy')).toEqual([
        { partition: 0, low: '0', high: '10' },
        { partition: 1, low: '7', high: '10' },
      ]);
    });

    it('reset and delete the offsets of a group', async () => {
      await topics.admin.setOffsets({
        groupId: 'group',
        topic: 'events',
        partitions: [{ partition: 1, offset: '5' }],
      });
      expect(await topics.committed('group', 'events')).toEqual(['-1', '5']);
      await topics.resetGroup('group', 'events');
      expect(await topics.committed('group', 'events')).toEqual(['0', '0']);
      await topics.deleteGroup('group');
      expect(await topics.committed('group', 'events')).toEqual(['-1', '-1']);
    });

    it('add partitions', async () => {
      await topics.addPartitions('events', 6);
      expect(await topics.bounds('events')).toHaveLength(6);
    });
  });
});

describeServices('a cluster of three Kafka brokers', ['kafka'], () => describeCluster(3));

describeServices('a Kafka broker with TLS and SASL', ['kafka', 'openssl'], () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafka({ brokers: 1, security: true });
  });
  afterAll(() => cluster?.stop());

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'accepts the user with %s',
    async (mechanism) => {
      const { ca, username, password, saslTls = [], sasl = [] } = cluster.security ?? {};
      const login = { mechanism, username, password } as never;
      const withTls = testKafka(saslTls, { ssl: { ca: ca ?? '' }, sasl: login }).admin();
      const withoutTls = testKafka(sasl, { sasl: login }).admin();
      for (const admin of [withTls, withoutTls]) {
        await admin.connect();
        expect((await admin.describeCluster()).brokers).toHaveLength(1);
        await admin.disconnect();
      }
    },
  );

  it.each(['plain', 'scram-sha-256'] as const)('rejects a wrong password with %s', async (mechanism) => {
    const { username, sasl = [] } = cluster.security ?? {};
    const login = { mechanism, username, password: 'wrong' } as never;
    const admin = testKafka(sasl, { sasl: login }).admin();
    await expect(admin.connect()).rejects.toThrow(/auth/i);
    await admin.disconnect();
  });

  it('accepts a client that sends a certificate over TLS, and is rejected by a client that does not trust its CA', async () => {
    const { ca = '', clientCert, clientKey, tls = [] } = cluster.security ?? {};
    const admin = testKafka(tls, { ssl: { ca, cert: clientCert, key: clientKey } } as never).admin();
    await admin.connect();
    await admin.disconnect();
    const stranger = testKafka(tls, { ssl: true, retry: { retries: 0 } }).admin();
    await expect(stranger.connect()).rejects.toThrow(/self.signed|certificate/i);
    await stranger.disconnect();
  });
});
