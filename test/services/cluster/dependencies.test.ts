import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { type Cluster, type Member, startCluster } from '../../support/cluster/cluster.ts';
import { until } from '../../support/faults/instance.ts';
import { describeServices } from '../../support/services/need.ts';

interface Part {
  readonly name: string;
  readonly trouble: string | null;
  readonly since: string | null;
}

async function readReadiness({ url }: Member) {
  const { status, body } = await call(url, 'GET', '/health/ready');
  return { status, overall: body['status'], parts: body['parts'] as Part[] };
}

describeServices('the readiness of a process in a cluster', ['kafka', 'postgres'], () => {
  let cluster: Cluster;
  let members: Readonly<Record<'gateway' | 'consumer' | 'api', Member>>;

  beforeAll(async () => {
    cluster = await startCluster({ brokers: 1, partitions: 3 });
    const [gateway, consumer, api] = [
      await cluster.member('gateway', 'gateway'),
      await cluster.member('consumer', 'consumer'),
      await cluster.member('api', 'api'),
    ];
    members = { gateway, consumer, api };
    await Promise.all([gateway, consumer, api].map((member) => member.start()));
  });
  afterAll(() => cluster?.remove());

  /** Waits until a process reports that a dependency does not respond, and since when. */
  async function expectDegraded(member: Member, dependency: string): Promise<void> {
    const trouble = expect.stringContaining(`${dependency} does not respond: `);
    await until(
      `${member.name} reports ${dependency}`,
      async () =>
        (await readReadiness(member)).parts.some(({ name, since }) => name === dependency && since !== null),
      30_000,
      cluster.output,
    );
    const { parts } = await readReadiness(member);
    expect(parts).toContainEqual({ name: dependency, trouble, since: expect.stringMatching(/^2\d{3}-.*Z$/) });
    const { text } = await call(member.url, 'GET', '/metrics');
    expect(text).toContain(`watmeter_part_trouble{part="${dependency}"} 1`);
    expect(member.current()?.output()).toContain(`"dependency":"${dependency}"`);
  }

  async function expectReady(...waited: readonly Member[]): Promise<void> {
    for (const member of waited)
      await until(
        `${member.name} is ready`,
        async () => (await readReadiness(member)).overall === 'ready',
        90_000,
        cluster.output,
      );
  }

  describe('on a port that another process uses', () => {
    it('is not reached, because the consumer exits before it joins the group', async () => {
      const { url, dataDir } = members.api;
      const port = Number(new URL(url).port);
      const second = await startAppProcess({
        ...{ role: 'consumer', port, dataDir: `${dataDir}-second`, env: cluster.env, wait: false },
      });
      await until('the consumer exits', () => second.child.exitCode !== null, 30_000, second.output);
      expect(second.child.exitCode).toBe(1);
      expect(second.output()).toContain('EADDRINUSE');
      expect(second.output()).not.toContain('joined the consumer group');
      const group =
        members.consumer
          .current()
          ?.output()
          .match(/joined the consumer group/g) ?? [];
      expect(group).toHaveLength(1);
    });
  });

  describe('without ClickHouse', () => {
    it('is degraded for the API, although no request needs ClickHouse, and for an idle consumer', async () => {
      await expectReady(members.api, members.consumer);
      await cluster.clickHouse.kill();
      await expectDegraded(members.api, 'ClickHouse');
      expect(await readReadiness(members.api)).toMatchObject({ status: 200, overall: 'degraded' });
      await expectDegraded(members.consumer, 'ClickHouse');
      await cluster.clickHouse.start();
      await expectReady(members.api, members.consumer);
    });
  });

  describe('without Kafka', () => {
    it('is degraded for an idle gateway and an idle consumer', async () => {
      await expectReady(members.gateway, members.consumer);
      await cluster.kafka.brokers[0]?.kill();
      await expectDegraded(members.consumer, 'Kafka');
      await expectDegraded(members.gateway, 'Kafka');
      expect(await readReadiness(members.gateway)).toMatchObject({ status: 200, overall: 'degraded' });
      await cluster.kafka.brokers[0]?.start();
      await expectReady(members.gateway, members.consumer);
    });
  });

  describe('without the control store', () => {
    it('is degraded for the gateway and the API', async () => {
      await expectReady(members.gateway, members.api);
      await cluster.postgres.stop();
      await expectDegraded(members.gateway, 'control store');
      await expectDegraded(members.api, 'control store');
      expect(await readReadiness(members.gateway)).toMatchObject({ status: 200, overall: 'degraded' });
      await cluster.postgres.start();
      await expectReady(members.gateway, members.api);
    });
  });
});
