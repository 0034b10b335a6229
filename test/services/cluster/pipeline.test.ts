import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { type Cluster, type Member, startCluster } from '../../support/cluster/cluster.ts';
import { until } from '../../support/faults/instance.ts';
import { describeServices } from '../../support/services/need.ts';

const partitions = 6;

describeServices('a cluster of roles', ['kafka', 'postgres'], () => {
  let cluster: Cluster;
  let api: Member;
  let gateways: [Member, Member];
  let consumers: [Member, Member];
  let configuration: TestConfiguration;
  let token: string;
  let answered = 0;

  beforeAll(async () => {
    cluster = await startCluster({ brokers: 1, partitions });
    api = await cluster.member('api', 'api');
    gateways = [await cluster.member('gateway', 'gateway-1'), await cluster.member('gateway', 'gateway-2')];
    consumers = [
      await cluster.member('consumer', 'consumer-1'),
      await cluster.member('consumer', 'consumer-2'),
    ];
    await api.start();
    await Promise.all([...gateways, ...consumers].map((member) => member.start()));
    configuration = await createConfiguration(api.url);
    token = await mint(configuration, { sub: 'viewer', trc: ['news'] });
    const knows = async ({ url }: Member) => (await exchange(url, token)).status === 200;
    for (const gateway of gateways) {
      await until('the gateway knows the configuration', () => knows(gateway), 5000);
      answered += 1;
    }
  });
  afterAll(() => cluster?.remove());

  async function exchangeMany(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 50) {
      const answers = await Promise.all(
        Array.from({ length: Math.min(50, left) }, (_, index) =>
          exchange(gateways[index % 2 === 0 ? 0 : 1].url, token),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      answered += answers.length;
    }
  }

  const total = async () => (await call(api.url, 'GET', '/api/v1/usage/summary')).body['total'];
  const untilCounted = () =>
    until(
      'all are counted',
      async () => (await total()) === answered,
      40_000,
      () => cluster.output(),
    );

  async function metric({ url }: Member, name: string): Promise<number> {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const values = metrics.split('\n').filter((line) => new RegExp(`^${name}(\\{|\\s)`).test(line));
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  it('counts what two gateways accept and two consumers store, in every answer of the API', async () => {
    await exchangeMany(500);
    await untilCounted();
    const { body } = await call(api.url, 'GET', '/api/v1/usage/tags/news');
    expect(body).toMatchObject({ total: answered, completeThrough: null });
    const shares = await Promise.all(consumers.map((each) => metric(each, 'watmeter_consumer_partitions')));
    expect(shares).toEqual([3, 3]);
  });

  it('gives a consumer that stops to the other one, and back, without a loss', async () => {
    await consumers[0].stop();
    await exchangeMany(100);
    await untilCounted();
    await consumers[0].start();
    await exchangeMany(100);
    await untilCounted();
  });

  it('names the hole that events leave which Kafka lost, and fills it after a rewind', async () => {
    for (const consumer of consumers) await consumer.stop();
    await exchangeMany(300);
    await until(
      'all is sent',
      async () => {
        const pending = await Promise.all(
          gateways.map((each) => metric(each, 'watmeter_journal_pending_events')),
        );
        return pending.every((count) => count === 0);
      },
      10_000,
    );
    const bounds = await cluster.topics.bounds(cluster.topic);
    const lost = bounds[2];
    await cluster.topics.deleteRecordsBefore(cluster.topic, 2, String(lost?.high));
    await exchangeMany(200);
    for (const consumer of consumers) await consumer.start({ wait: false });

    const missing = async () =>
      (
        await Promise.all(
          consumers.map((each) => metric(each, 'watmeter_sink_missing_events').catch(() => 0)),
        )
      ).reduce((sum, count) => sum + count, 0);
    await until(
      'the hole is noticed',
      async () => (await missing()) > 0,
      40_000,
      () => cluster.output(),
    );
    const hole = await missing();
    await until(
      'all others are counted',
      async () => (await total()) === answered - hole,
      20_000,
      () => cluster.output(),
    );

    for (const { dataDir } of gateways) {
      const { print, lines } = collectLines();
      const { relayRewind } = await import('../../../src/app/cli/relay-rewind.ts');
      const context = { args: [], env: { DATA_DIR: dataDir }, print, printError: print };
      expect(await relayRewind.run(context as never)).toBe(0);
      expect(lines.join()).toMatch(/The gateway sends \d+ events again/);
    }
    await untilCounted();
    await until('no hole is left', async () => (await missing()) === 0, 10_000);
  });

  it('counts the same after the group has forgotten its offsets, and after they were set back to 0', async () => {
    for (const forget of [
      cluster.topics.deleteGroup,
      (group: string) => cluster.topics.resetGroup(group, cluster.topic),
    ]) {
      for (const consumer of consumers) await consumer.stop();
      await forget(cluster.group);
      for (const consumer of consumers) await consumer.start();
      await exchangeMany(50);
      await untilCounted();
    }
    const rows = Number(await storedRows());
    expect(rows).toBe(answered);
  });

  async function storedRows(): Promise<string> {
    const { url, user, password } = cluster.clickHouse;
    const query = 'SELECT count() FROM watmeter.session_events';
    const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
    return (await fetch(url, { method: 'POST', body: query, headers })).text();
  }
});

function collectLines() {
  const lines: string[] = [];
  return { lines, print: (line: string) => void lines.push(line) };
}
