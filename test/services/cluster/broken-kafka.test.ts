import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MeteredCluster, startMeteredCluster } from '../../support/cluster/metered-cluster.ts';
import { until } from '../../support/faults/instance.ts';
import type { KafkaBroker } from '../../support/services/kafka.ts';
import { describeServices } from '../../support/services/need.ts';

describeServices('a Kafka that breaks under a running cluster', ['kafka', 'postgres'], () => {
  let cluster: MeteredCluster;
  beforeAll(async () => {
    cluster = await startMeteredCluster(3, 3);
    await cluster.exchangeMany(100);
    await cluster.untilCounted();
  });
  afterAll(() => cluster?.remove());

  it('freezes the coordinator of the group: consumers notice, end, and go on as new processes', async () => {
    const coordinator = await findCoordinator();
    coordinator.freeze();
    try {
      const ended = cluster.consumers.map(async (consumer) => {
        const child = consumer.current()?.child;
        if (child !== undefined && child.exitCode === null) await once(child, 'exit');
        expect(child?.exitCode).toBe(1);
        expect(consumer.current()?.output()).toContain('the Kafka client has stalled');
        await consumer.start({ wait: false });
      });
      await Promise.all(ended);
      await cluster.exchangeMany(100);
      await cluster.untilCounted(90_000);
    } finally {
      coordinator.resume();
    }
  }, 280_000);

  /** The leader of the partition of offsets that the group's name falls to (Java's String.hashCode). */
  async function findCoordinator(): Promise<KafkaBroker> {
    const { topics } = await cluster.topics.admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] });
    const partitions = topics[0]?.partitions ?? [];
    const hash = [...cluster.group].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) | 0, 0);
    const partition = (hash & 0x7fffffff) % partitions.length;
    const leader = partitions.find(({ partitionId }) => partitionId === partition)?.leader;
    const found = cluster.kafka.brokers.find(({ id }) => id === leader);
    if (found === undefined) throw new Error('no coordinator');
    return found;
  }

  it('loses its topic, which is made anew and shorter: what comes then is counted', async () => {
    await until(
      'all is sent',
      async () => {
        const pending = cluster.gateways.map((each) =>
          cluster.metric(each, 'watmeter_journal_pending_events'),
        );
        return (await Promise.all(pending)).every((count) => count === 0);
      },
      60_000,
    );
    await cluster.topics.remove(cluster.topic);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await cluster.topics.create(cluster.topic, 3);
    await cluster.exchangeMany(60);
    await cluster.untilCounted(120_000);
  }, 200_000);
});
