import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import type { AppProcess } from '../../support/app-process.ts';
import { readProjectFile } from '../../support/deploy/compose.ts';
import { type ComposeCluster, startComposeCluster } from '../../support/deploy/compose-cluster.ts';
import { exposedMetrics, watchedMetrics } from '../../support/deploy/watching.ts';
import { sleep, until } from '../../support/faults/instance.ts';

/** The stop_grace_period in docker-compose.yml. Docker sends SIGKILL after this time. */
const graceMs = 20_000;

let cluster: ComposeCluster;
let api: AppProcess;
let gateways: AppProcess[];
let consumers: AppProcess[];
let token: string;
let accepted = 0;

beforeAll(async () => {
  cluster = await startComposeCluster();
  const created = await cluster.run('topics');
  expect(created).toMatchObject({ code: 0, output: expect.stringContaining('with 12 partitions') });
  [api, ...gateways] = (await Promise.all(
    ['api', 'gateway-1', 'gateway-2'].map((name) => cluster.start(name)),
  )) as [AppProcess, AppProcess, AppProcess];
  consumers = await Promise.all(['1', '2'].map((instance) => cluster.start('consumer', instance)));
  token = await mint(await createConfiguration(api.url), { sub: 'viewer', trc: ['news'] });
  await until('both gateways know the configuration', bothGatewaysAccept, 30_000, cluster.output);
});

afterAll(() => cluster?.remove());

async function bothGatewaysAccept(): Promise<boolean> {
  const answers = await Promise.all(gateways.map(({ url }) => exchange(url, token)));
  accepted += answers.filter(({ status }) => status === 200).length;
  return answers.every(({ status }) => status === 200);
}

async function waitUntilCounted(): Promise<void> {
  const total = async () => (await call(api.url, 'GET', '/api/v1/usage/summary')).body['total'];
  await until('all sessions are counted', async () => (await total()) === accepted, 60_000, cluster.output);
}

/** Stops a process like `docker stop`. Returns the duration in milliseconds. */
async function stopInGrace(app: AppProcess): Promise<number> {
  const startedMs = performance.now();
  const exit = await app.stop('SIGTERM');
  expect(exit, app.output()).toEqual({ code: 0, signal: null });
  return performance.now() - startedMs;
}

it('the cluster counts sessions without the embedded ClickHouse, with only the environment of docker-compose.yml', async () => {
  const [, entry = ''] = gateways[0]?.child.spawnargs ?? [];
  expect(existsSync(join(entry, '../../node_modules/kafkajs'))).toBe(true);
  expect(existsSync(join(entry, '../../node_modules/chdb'))).toBe(false);
  const repeated = await cluster.run('topics');
  expect(repeated).toMatchObject({ code: 0, output: expect.stringContaining('matches the settings') });
  for (let batch = 0; batch < 8; batch += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => exchange(gateways[index % 2]?.url ?? '', token)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    accepted += answers.length;
  }
  await waitUntilCounted();
});

it('every role passes the health check of the image', () => {
  const command = /HEALTHCHECK[^\n]*\n\s+CMD (\[.*\])$/m.exec(readProjectFile('Dockerfile'))?.[1] ?? '[]';
  const [, ...args] = JSON.parse(command) as string[];
  const check = (port: string) => spawnSync(process.execPath, args, { env: { PORT: port } }).status;
  for (const { url } of [api, ...gateways, ...consumers]) expect(check(new URL(url).port)).toBe(0);
  expect(check('1')).toBe(1);
});

it('the cluster counts every session once when a gateway and a consumer stop under load', async () => {
  let isLoading = true;
  const load = Array.from({ length: 8 }, async (_, index) => {
    while (isLoading) {
      // Only refused connections fail: the gateway responds to running requests before it exits.
      const answer = await exchange(gateways[index % 2]?.url ?? '', token).catch(() => undefined);
      if (answer?.status === 200) accepted += 1;
      else await sleep(20);
    }
  });
  await sleep(1000);
  const [gateway, consumer] = [gateways[0], consumers[0]] as [AppProcess, AppProcess];
  const tookMs = await Promise.all([stopInGrace(gateway), stopInGrace(consumer)]);
  await sleep(1000);
  [gateways[0], consumers[0]] = await Promise.all([
    cluster.start('gateway-1'),
    cluster.start('consumer', '1'),
  ]);
  await sleep(1000);
  isLoading = false;
  await Promise.all(load);
  for (const ms of tookMs) expect(ms).toBeLessThan(graceMs);
  await waitUntilCounted();
});

it('the processes expose every metric that alerts and dashboard use, to a client with the metrics token', async () => {
  const headers = { authorization: `Bearer ${cluster.metricsToken}`, 'x-forwarded-for': '192.0.2.1' };
  const processes = [api, ...gateways, ...consumers];
  const scrape = () => Promise.all(processes.map(({ url }) => call(url, 'GET', '/metrics', { headers })));
  // A consumer is not ready until it has opened its partitions.
  const areReady = async () => (await scrape()).every(({ text }) => /^watmeter_ready 1$/m.test(text));
  await until('all processes are ready', areReady, 60_000, cluster.output);
  const answers = await scrape();
  expect(answers.map(({ status }) => status)).toEqual(processes.map(() => 200));
  const exposed = answers.flatMap(({ text }) => exposedMetrics(text));
  expect(watchedMetrics().filter((name) => !exposed.includes(name))).toEqual([]);
  const docs = readProjectFile('docs/reference/metrics.md');
  const watmeterMetrics = exposed.filter((name) => name.startsWith('watmeter_'));
  expect(watmeterMetrics.filter((name) => !docs.includes(`\`${name}`))).toEqual([]);
});

it('a verification with the journals of both gateways finds every session stored once', async () => {
  const { code, output } = await cluster.run('tools');
  expect(code, output).toBe(0);
});
