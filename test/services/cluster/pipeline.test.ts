import { afterAll, beforeAll, expect, it } from 'vitest';
import { rewindRelay } from '../../../src/cli/actions/relay-rewind.ts';
import { call } from '../../support/api.ts';
import { type MeteredCluster, startMeteredCluster, tag } from '../../support/cluster/metered-cluster.ts';
import { until } from '../../support/faults/instance.ts';
import { describeServices } from '../../support/services/need.ts';

describeServices('a cluster of roles', ['kafka', 'postgres'], () => {
  let cluster: MeteredCluster;
  beforeAll(async () => {
    cluster = await startMeteredCluster(6);
  });
  afterAll(() => cluster?.remove());

  it('counts sessions that two gateways accept and two consumers store', async () => {
    await cluster.exchangeMany(500);
    await cluster.untilCounted();
    const { body } = await call(cluster.api.url, 'GET', `/api/v1/usage/tags/${tag}`);
    expect(body).toMatchObject({ total: cluster.answered(), completeThrough: expect.any(String) });
    const shares = await readMetricOfConsumers('watmeter_consumer_partitions');
    expect(shares).toEqual([3, 3]);
  });

  it('moves the partitions of a stopped consumer to the other consumer and back without loss', async () => {
    await cluster.consumers[0].stop();
    await cluster.exchangeMany(100);
    await cluster.untilCounted();
    await cluster.consumers[0].start();
    await cluster.exchangeMany(100);
    await cluster.untilCounted();
  });

  it('reports events that Kafka lost as missing, and stores them after a rewind of the relay', async () => {
    for (const consumer of cluster.consumers) await consumer.stop();
    await cluster.exchangeMany(300);
    await waitUntilSent();
    const bounds = await cluster.topics.bounds(cluster.topic);
    await cluster.topics.deleteRecordsBefore(cluster.topic, 2, String(bounds[2]?.high));
    await cluster.exchangeMany(200);
    for (const consumer of cluster.consumers) await consumer.start({ wait: false });

    await until('the gap is reported', async () => (await countMissing()) > 0, 40_000, cluster.output);
    const expected = async () => cluster.answered() - (await countMissing());
    await until(
      'all other events are counted',
      async () => (await cluster.total()) === (await expected()),
      20_000,
    );

    for (const { dataDir } of cluster.gateways) await rewind(dataDir);
    await cluster.untilCounted();
    await until('no gap is left', async () => (await countMissing()) === 0, 10_000, cluster.output);
  });

  it.each(['deleted', 'reset'])(
    'counts every session once after the group offsets were %s',
    async (change) => {
      for (const consumer of cluster.consumers) await consumer.stop();
      if (change === 'deleted') await cluster.topics.deleteGroup(cluster.group);
      else await cluster.topics.resetGroup(cluster.group, cluster.topic);
      for (const consumer of cluster.consumers) await consumer.start();
      await cluster.exchangeMany(50);
      await cluster.untilCounted();
      expect(await cluster.ask('SELECT count(), uniqExact(session_id) FROM session_events')).toBe(
        `${cluster.answered()}\t${cluster.answered()}`,
      );
    },
  );

  async function waitUntilSent(): Promise<void> {
    const isSent = async () => {
      const pending = cluster.gateways.map((gateway) =>
        cluster.metric(gateway, 'watmeter_journal_pending_events'),
      );
      return (await Promise.all(pending)).every((count) => count === 0);
    };
    await until('all events are sent', isSent, 10_000, cluster.output);
  }

  function readMetricOfConsumers(name: string): Promise<number[]> {
    return Promise.all(cluster.consumers.map((consumer) => cluster.metric(consumer, name).catch(() => 0)));
  }

  async function countMissing(): Promise<number> {
    return (await readMetricOfConsumers('watmeter_sink_missing_events')).reduce(
      (sum, count) => sum + count,
      0,
    );
  }

  async function rewind(dataDir: string): Promise<void> {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const context = { env: { DATA_DIR: dataDir }, print, printError: print, showProgress: print };
    expect(await rewindRelay({ ...context, readStdin: async () => '' })).toBe(0);
    expect(lines.join()).toMatch(/The gateway sends \d+ events again/);
  }
});
