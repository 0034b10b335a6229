import { cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MeteredCluster, startMeteredCluster } from '../../support/cluster/metered-cluster.ts';
import { runCommand } from '../../support/command.ts';
import { until } from '../../support/faults/instance.ts';
import { testKafka } from '../../support/services/kafka-client.ts';
import { describeServices } from '../../support/services/need.ts';

/** Tests changes that operators make to a running cluster. None of these changes may alter a session count. */
describeServices('a cluster that is reconfigured while it runs', ['kafka', 'postgres'], () => {
  let cluster: MeteredCluster;
  beforeAll(async () => {
    cluster = await startMeteredCluster(6);
    await cluster.exchangeMany(300);
    await cluster.untilCounted();
  });
  afterAll(() => cluster?.remove());

  async function expectExactRows(): Promise<void> {
    expect(await cluster.ask('SELECT count(), uniqExact(session_id) FROM session_events')).toBe(
      `${cluster.answered()}\t${cluster.answered()}`,
    );
  }

  it('counts every session once while its topic gets six more partitions', async () => {
    const usesNewOnes = async () =>
      Number(await cluster.ask('SELECT uniqExact(partition) FROM session_events WHERE partition >= 6')) === 6;
    let isSpread = false;
    const working = cluster.exchangeUntil(() => isSpread);
    await cluster.topics.addPartitions(cluster.topic, 12);
    await until('the new partitions are used', usesNewOnes, 90_000, cluster.output);
    isSpread = true;
    await working;
    await cluster.untilCounted();
    await expectExactRows();
  });

  it('counts every session once if another consumer stores a copy of the topic in the same tables', async () => {
    const copy = `${cluster.topic}-copy`;
    await cluster.topics.create(copy, 12);
    const { records, watermarks } = await cluster.topics.copy(cluster.topic, copy);
    const events = records - watermarks;
    expect(events).toBeGreaterThanOrEqual(cluster.answered());
    const mirror = await cluster.member('consumer', 'mirror', { KAFKA_TOPIC: copy, KAFKA_GROUP: copy });
    await mirror.start({ wait: false });
    const duplicates = () => cluster.metric(mirror, 'watmeter_sink_duplicates_total').catch(() => 0);
    await until('the copy was read', async () => (await duplicates()) === events, 60_000, cluster.output);
    await mirror.stop();
    await cluster.exchangeMany(100);
    await cluster.untilCounted();
    await expectExactRows();
  });

  it('counts every session once if the data directory of a gateway is copied and both gateways run', async () => {
    const [original] = cluster.gateways;
    await cluster.exchangeMany(200);
    await original.kill();
    const copiedGateway = await cluster.member('gateway', 'double');
    cpSync(original.dataDir, copiedGateway.dataDir, { recursive: true });
    await Promise.all([original.start(), copiedGateway.start()]);
    await cluster.exchangeMany(300, [original, copiedGateway]);
    await cluster.untilCounted();
    await expectExactRows();
  });

  it('stores the events behind a message of a newer version after an operator has skipped the message', async () => {
    const partition = 3;
    const blocker = { partition, value: JSON.stringify({ type: 'io.watmeter.session.started.v2' }) };
    const producer = testKafka(cluster.kafka.bootstrap).producer();
    await producer.connect();
    const [sent] = await producer.send({ topic: cluster.topic, messages: [blocker] });
    await producer.disconnect();
    const blocked = async () => {
      const metrics = cluster.consumers.map((consumer) => cluster.metric(consumer, 'watmeter_sink_blocked'));
      return (await Promise.all(metrics)).reduce((sum, value) => sum + value, 0);
    };
    await until('the partition waits', async () => (await blocked()) === 1, 60_000, cluster.output);
    await cluster.exchangeMany(300);

    const skip = (offset: string) =>
      runCommand(
        cluster.api.dataDir,
        ['dead-letters', 'skip', '--partition', String(partition), '--offset', offset, '--yes'],
        { ...cluster.env },
      );
    expect(await skip('0')).toMatchObject({ code: 1, stderr: expect.stringContaining('this version reads') });
    const skipped = await skip(String(sent?.baseOffset));
    expect(skipped, skipped.stderr).toMatchObject({ code: 0 });
    await until('the partition continues', async () => (await blocked()) === 0, 60_000, cluster.output);
    await cluster.untilCounted();
    await expectExactRows();
    expect(await cluster.ask("SELECT count() FROM dead_letters WHERE body LIKE '%started.v2%'")).toBe('1');
  });
});
