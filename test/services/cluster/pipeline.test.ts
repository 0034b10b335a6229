import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type Cluster, type Member, startCluster } from '../../support/cluster/cluster.ts';
import { until } from '../../support/faults/instance.ts';

let cluster: Cluster;
let api: Member;
let gateways: Member[];
let consumers: Member[];

beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, partitions: 6 });
  const members = [
    cluster.member('api', 'api'),
    cluster.member('gateway', 'gateway-1'),
    cluster.member('gateway', 'gateway-2'),
    cluster.member('consumer', 'consumer-1'),
    cluster.member('consumer', 'consumer-2'),
  ];
  const [first, ...others] = await Promise.all(members);
  if (first === undefined) throw new Error('no members');
  api = first;
  gateways = others.slice(0, 2);
  consumers = others.slice(2);
  await api.start();
  await Promise.all(others.map((member) => member.start()));
});

afterAll(() => cluster?.remove());

it('counts what two gateways accept and two consumers store, in every answer of the API', async () => {
  const configuration = await createConfiguration(api.url);
  const token = await mint(configuration, { sub: 'viewer', trc: ['news'] });
  await until(
    'the other gateway knows the configuration',
    async () => (await exchange(gateways[1]?.url ?? '', token)).status === 200,
    5000,
  );
  for (let batch = 0; batch < 10; batch += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => exchange(gateways[index % 2]?.url ?? '', token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }
  const total = async () => (await call(api.url, 'GET', '/api/v1/usage/summary')).body['total'];
  await until(
    'all are counted',
    async () => (await total()) === 501,
    30_000,
    () => cluster.output(),
  );
  const { body } = await call(api.url, 'GET', '/api/v1/usage/tags/news');
  expect(body).toMatchObject({ total: 501, completeThrough: null });
  const shares = await Promise.all(
    consumers.map(async ({ url }) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^watmeter_consumer_partitions (\d+)$/m.exec(metrics)?.[1]);
    }),
  );
  expect(shares).toEqual([3, 3]);
});
