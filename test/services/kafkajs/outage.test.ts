import type { Kafka, Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { testKafka } from '../../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../../support/services/kafka-topics.ts';
import { describeServices } from '../../support/services/need.ts';

const topic = 'events';
const patient = { initialRetryTime: 100, maxRetryTime: 500, retries: 1000 };
const hasty = { initialRetryTime: 100, maxRetryTime: 500, retries: 5 };

describeServices('kafkajs during an outage of the only broker', ['kafka'], () => {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  const producers: Producer[] = [];

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 1 });
    topics = await openTopicTools(cluster.bootstrap);
    await topics.create(topic, 1);
  });
  afterAll(async () => {
    await Promise.all(producers.map((producer) => producer.disconnect()));
    await topics?.close();
    await cluster?.stop();
  });

  async function connectProducer(kafka: Kafka): Promise<Producer> {
    const producer = kafka.producer({ allowAutoTopicCreation: false, retry: patient });
    producers.push(producer);
    await producer.connect();
    return producer;
  }

  it('retries as often as the client is configured to retry, not as often as the producer', async () => {
    const hastyClient = await connectProducer(testKafka(cluster.bootstrap, { retry: hasty }));
    const patientClient = await connectProducer(testKafka(cluster.bootstrap, { retry: patient }));
    const send = (producer: Producer) =>
      producer.send({ topic, acks: -1, messages: [{ partition: 0, value: 'x' }] });
    await Promise.all([send(hastyClient), send(patientClient)]);
    await cluster.brokers[0]?.kill();
    const patientSend = send(patientClient);
    await expect(send(hastyClient)).rejects.toMatchObject({ retriable: false });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await cluster.brokers[0]?.start();
    expect(await patientSend).toMatchObject([{ partition: 0, errorCode: 0 }]);
    // The producer that failed can send again.
    expect(await send(hastyClient)).toMatchObject([{ partition: 0, errorCode: 0 }]);
  });
});
