import { expect } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../api.ts';
import { until } from '../faults/instance.ts';
import { type Cluster, type Member, startCluster } from './cluster.ts';

export const tag = 'news';

/** A running cluster of two gateways, two consumers and an API. It counts the exchanges that returned 200. */
export interface MeteredCluster extends Cluster {
  readonly api: Member;
  readonly gateways: readonly [Member, Member];
  readonly consumers: readonly [Member, Member];
  readonly token: string;
  answered(): number;
  /** Exchanges tokens at the gateways in turn. Every exchange must return 200. */
  exchangeMany(count: number, gateways?: readonly Member[]): Promise<void>;
  /** Exchanges tokens until `stopped` returns true. @throws AssertionError if an exchange fails. */
  exchangeUntil(stopped: () => boolean): Promise<void>;
  total(): Promise<number>;
  /**
   * Waits until the API counts all successful exchanges, and checks one second later that the count has not grown.
   */
  untilCounted(timeoutMs?: number): Promise<void>;
  /** Returns the value of a metric of a member, summed over the labels of the metric. */
  metric(member: Member, name: string): Promise<number>;
  /** Sends a query directly to ClickHouse and returns its result. */
  ask(query: string): Promise<string>;
}

export async function startMeteredCluster(partitions: number, brokers: 1 | 3 = 1): Promise<MeteredCluster> {
  const cluster = await startCluster({ brokers, partitions });
  try {
    return await meter(cluster);
  } catch (error) {
    await cluster.remove();
    throw error;
  }
}

async function meter(cluster: Cluster): Promise<MeteredCluster> {
  const api = await cluster.member('api', 'api');
  const gateways = [
    await cluster.member('gateway', 'gateway-1'),
    // One of the two gateways has workers, so that every test covers both modes.
    await cluster.member('gateway', 'gateway-2', { GATEWAY_WORKERS: '2' }),
  ] as const;
  const consumers = [
    await cluster.member('consumer', 'consumer-1'),
    await cluster.member('consumer', 'consumer-2'),
  ] as const;
  await api.start();
  await Promise.all([...gateways, ...consumers].map((member) => member.start()));
  const token = await mint(await createConfiguration(api.url), { sub: 'viewer', trc: [tag] });
  let answered = 0;

  const total = async () => Number((await call(api.url, 'GET', '/api/v1/usage/summary')).body['total']);

  async function exchangeMany(count: number, over: readonly Member[] = gateways): Promise<void> {
    for (let left = count; left > 0; left -= 50) {
      const answers = await Promise.all(
        Array.from({ length: Math.min(50, left) }, (_, index) =>
          exchange(over[index % over.length]?.url ?? '', token),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      answered += answers.length;
    }
  }

  for (const gateway of gateways) {
    // Each worker of a gateway reads the configuration on its own, so several exchanges must succeed.
    const knows = async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(gateway.url, token)));
      const accepted = answers.filter(({ status }) => status === 200).length;
      answered += accepted;
      return accepted === answers.length;
    };
    await until('the gateway knows the configuration', knows, 30_000, cluster.output);
  }
  return {
    ...cluster,
    api,
    gateways,
    consumers,
    token,
    total,
    exchangeMany,
    answered: () => answered,
    async exchangeUntil(stopped) {
      while (!stopped()) await exchangeMany(20);
    },
    async untilCounted(timeoutMs = 40_000) {
      await until('all are counted', async () => (await total()) >= answered, timeoutMs, cluster.output);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(await total()).toBe(answered);
    },
    async metric({ url }, name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const lines = text.split('\n').filter((line) => new RegExp(`^${name}(\\{|\\s)`).test(line));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    async ask(query) {
      const { url, user, password } = cluster.clickHouse;
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      const answer = await fetch(`${url}/?database=watmeter`, {
        method: 'POST',
        body: query,
        headers: { authorization },
      });
      return (await answer.text()).trim();
    },
  };
}
