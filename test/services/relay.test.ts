import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMetrics } from '../../src/app/metrics.ts';
import type { JournalEntry, JournalReader } from '../../src/journal/log/journal.ts';
import { createKafkaTarget } from '../../src/journal/relay/kafka-target.ts';
import { createRelay, type Relay } from '../../src/journal/relay/relay.ts';
import { noFailpoints } from '../../src/platform/failpoints.ts';
import { createKafka } from '../../src/platform/kafka/client.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../support/services/kafka.ts';
import { readTopic, testKafka } from '../support/services/kafka-client.ts';
import { openTopicTools, type TopicTools } from '../support/services/kafka-topics.ts';
import { describeServices } from '../support/services/need.ts';

const topic = 'sessions';
const partitions = 6;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Creates a journal that receives two events per millisecond until it is closed. */
function createGrowingJournal() {
  const startedMs = performance.now();
  let closedAt: number | undefined;
  let acknowledged = 0;
  const entryAt = (position: number): JournalEntry => ({
    position,
    producer: 'p',
    partition: position % partitions,
    sequence: Math.floor(position / partitions) + 1,
    timeMs: 0,
    body: JSON.stringify({ id: 'p', data: { sessionId: `s${position}` } }),
  });
  const size = () => closedAt ?? Math.floor(2 * (performance.now() - startedMs));
  const reader: JournalReader = {
    startPosition: () => 0,
    read: (position, max) =>
      Array.from({ length: Math.max(0, Math.min(max, size() - position)) }, (_, n) => entryAt(position + n)),
    waitFor: (position, timeoutMs) => pause(position < size() ? 0 : Math.min(timeoutMs, 20)),
    acknowledge(next) {
      acknowledged = next;
    },
    rewind: () => 0,
  };
  return {
    reader,
    acknowledged: () => acknowledged,
    close() {
      closedAt = size();
      return closedAt;
    },
  };
}

describeServices('the relay with three brokers that fail one after another', ['kafka'], () => {
  let cluster: KafkaCluster;
  let topics: TopicTools;
  let relay: Relay;

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 3 });
    topics = await openTopicTools(cluster.bootstrap);
    await topics.create(topic, partitions);
  });
  afterAll(async () => {
    await relay?.stop();
    await topics?.close();
    await cluster?.stop();
  });

  const faults: Readonly<Record<string, (broker: KafkaBroker) => Promise<void>>> = {
    async 'restarted in order'(broker) {
      await broker.stop();
      await broker.start();
    },
    async killed(broker) {
      await broker.kill();
      await broker.start();
    },
    async frozen(broker) {
      broker.freeze();
      await pause(8000);
      broker.resume();
    },
  };

  it('acknowledges only events that Kafka has stored, without gaps', async () => {
    const logger = createLogger({ logLevel: 'silent' });
    const kafka = createKafka(
      { brokers: cluster.bootstrap, tls: false, caFile: undefined, sasl: undefined },
      logger,
    );
    const journal = createGrowingJournal();
    const target = createKafkaTarget({ topic, compression: 'none' }, kafka);
    const deps = {
      journal: journal.reader,
      target,
      failpoint: noFailpoints,
      logger,
      metrics: createMetrics(),
    };
    relay = createRelay({ maxEvents: 2000, maxBytes: 800_000, lingerMs: 10, sendTimeoutMs: 60_000 }, deps);
    relay.start();
    for (const [name, fault] of Object.entries(faults)) {
      for (const broker of cluster.brokers) {
        await fault(broker);
        await pause(2000);
      }
      console.log(`each broker ${name}: ${journal.acknowledged()} events acknowledged`);
    }
    const events = journal.close();
    await expect.poll(journal.acknowledged, { timeout: 90_000 }).toBe(events);
    await relay.stop();

    const bounds = await topics.bounds(topic);
    const records = bounds.reduce((sum, { high }) => sum + Number(high), 0);
    const stored = await readTopic(testKafka(cluster.bootstrap), topic, records, 60_000);
    const highest = new Map<number, number>();
    for (const { partition, headers } of stored) {
      const sequence = Number(headers['wm-sequence']);
      const before = highest.get(partition) ?? 0;
      expect(sequence, `partition ${partition}`).toBeLessThanOrEqual(before + 1);
      highest.set(partition, Math.max(before, sequence));
    }
    console.log(`${events} events, ${records} records`);
    expect([...highest.values()].reduce((sum, sequence) => sum + sequence, 0)).toBe(events);
  }, 300_000);
});
