import { afterAll, beforeAll, it } from 'vitest';
import { type MeteredCluster, startMeteredCluster } from '../../support/cluster/metered-cluster.ts';
import { until } from '../../support/faults/instance.ts';
import type { KafkaBroker } from '../../support/services/kafka.ts';
import { describeServices } from '../../support/services/need.ts';

describeServices('a running cluster whose Kafka fails', ['kafka', 'postgres'], () => {
  let cluster: MeteredCluster;
  beforeAll(async () => {
    cluster = await startMeteredCluster(3, 3);
    await cluster.exchangeMany(100);
    await cluster.untilCounted();
  });
  afterAll(() => cluster?.remove());

  // Takes three minutes, mostly for timeouts, so it runs only with FAULT_RUNS, like the longer fault runs.
  it.runIf(process.env['FAULT_RUNS'] !== undefined)(
    'continues after the group coordinator was frozen, with a supervisor that restarts ended consumers',
    async () => {
      const coordinator = await findCoordinator();
      coordinator.freeze();
      const supervisor = setInterval(() => void restartEnded(), 1000);
      try {
        await cluster.exchangeMany(100);
        await cluster.untilCounted(240_000);
      } finally {
        clearInterval(supervisor);
        coordinator.resume();
      }
    },
    280_000,
  );

  async function restartEnded(): Promise<void> {
    for (const consumer of cluster.consumers) {
      const exitCode = consumer.current()?.child.exitCode ?? null;
      if (exitCode === null) continue;
      console.log('a consumer ended:', consumer.current()?.output().slice(-300));
      await consumer.start({ wait: false });
    }
  }

  /**
   * Finds the group coordinator: the broker that leads the partition of the group in the offsets topic. Kafka selects
   * this partition by the String.hashCode of the group name.
   */
  async function findCoordinator(): Promise<KafkaBroker> {
    const { topics } = await cluster.topics.admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] });
    const partitions = topics[0]?.partitions ?? [];
    const hash = [...cluster.group].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) | 0, 0);
    const partition = (hash & 0x7fffffff) % partitions.length;
    const leader = partitions.find(({ partitionId }) => partitionId === partition)?.leader;
    const coordinator = cluster.kafka.brokers.find(({ id }) => id === leader);
    if (coordinator === undefined) throw new Error('no broker is the coordinator of the group');
    return coordinator;
  }

  it('counts new sessions after its topic was deleted and recreated', async () => {
    await until(
      'all events are sent',
      async () => {
        const pending = cluster.gateways.map((gateway) =>
          cluster.metric(gateway, 'watmeter_journal_pending_events'),
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
