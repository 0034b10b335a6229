import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import type { Member } from '../../support/cluster/cluster.ts';
import { type MeteredCluster, startMeteredCluster } from '../../support/cluster/metered-cluster.ts';
import { until } from '../../support/faults/instance.ts';
import { describeServices } from '../../support/services/need.ts';

describeServices('completeThrough in a cluster', ['kafka', 'postgres'], () => {
  let cluster: MeteredCluster;
  /** When the test received the response of each exchange. The gateway accepted the session before. */
  const answeredAtMs: number[] = [];

  beforeAll(async () => {
    cluster = await startMeteredCluster(3);
    answeredAtMs.push(...Array.from({ length: cluster.answered() }, () => Date.now()));
  });
  afterAll(() => cluster?.remove());

  async function accept(count: number, gateways: readonly Member[] = cluster.gateways): Promise<void> {
    await cluster.exchangeMany(count, gateways);
    answeredAtMs.push(...Array.from({ length: count }, () => Date.now()));
  }

  /** Reads the summary. Checks that it contains every session that was accepted before `completeThrough`. */
  async function readThroughMs(): Promise<number> {
    const { status, body } = await call(cluster.api.url, 'GET', '/api/v1/usage/summary');
    expect(status).toBe(200);
    const { completeThrough, total, provisional, lagMs } = body;
    if (completeThrough === null) {
      expect({ provisional, lagMs }).toEqual({ provisional: null, lagMs: null });
      return 0;
    }
    const throughMs = Date.parse(String(completeThrough));
    expect(throughMs).toBeLessThanOrEqual(Date.now());
    expect(lagMs).toBeGreaterThanOrEqual(0);
    expect(Number(total)).toBeGreaterThanOrEqual(answeredAtMs.filter((atMs) => atMs < throughMs).length);
    return throughMs;
  }

  const untilThrough = (ms: number) =>
    until('completeThrough follows', async () => (await readThroughMs()) > ms, 60_000, cluster.output);

  /** Accepts sessions at `gateways` until they are all counted, and reads `completeThrough` all the time. */
  async function acceptAndCount(gateways: readonly Member[]): Promise<void> {
    await accept(50, gateways);
    const isCounted = async () => {
      await readThroughMs();
      return (await cluster.total()) >= cluster.answered();
    };
    await until('all are counted', isCounted, 60_000, cluster.output);
  }

  it('follows the sessions of all gateways', async () => {
    for (let round = 0; round < 5; round += 1) {
      await accept(40);
      await readThroughMs();
    }
    await untilThrough(Date.now());
    expect(await cluster.ask('SELECT count() FROM dead_letters')).toBe('0');
  });

  it('does not pass sessions that Kafka has and no consumer has stored', async () => {
    for (const consumer of cluster.consumers) await consumer.stop();
    const beforeMs = Date.now();
    await accept(50);
    await until(
      'all are sent',
      async () => (await cluster.metric(cluster.gateways[0], 'watmeter_journal_pending_events')) === 0,
      20_000,
    );
    expect(await readThroughMs()).toBeLessThanOrEqual(beforeMs);
    for (const consumer of cluster.consumers) await consumer.start();
    await untilThrough(Date.now());
  });

  it('does not pass a frozen gateway, and follows it when it continues', async () => {
    const [frozen, other] = cluster.gateways;
    frozen.current()?.child.kill('SIGSTOP');
    const frozenMs = Date.now();
    await acceptAndCount([other]);
    expect(await readThroughMs()).toBeLessThanOrEqual(frozenMs);
    frozen.current()?.child.kill('SIGCONT');
    await untilThrough(Date.now());
  });

  it('does not pass a killed gateway, and follows it when it starts again', async () => {
    const [killed, other] = cluster.gateways;
    await accept(50, [killed]);
    await killed.kill();
    const killedMs = Date.now();
    await acceptAndCount([other]);
    expect(await readThroughMs()).toBeLessThanOrEqual(killedMs);
    await killed.start();
    await untilThrough(Date.now());
  });

  it('follows the other gateways after a gateway has stopped', async () => {
    const [stopped, other] = cluster.gateways;
    await accept(20, [stopped]);
    await stopped.stop();
    await acceptAndCount([other]);
    await untilThrough(Date.now());
    await stopped.start();
    await untilThrough(Date.now());
  });

  it('does not wait for a retired gateway, and waits again for it when it returns', async () => {
    const [frozen, other] = cluster.gateways;
    const known = new Set((await listed()).map(({ producer }) => producer));
    await frozen.stop();
    await frozen.start();
    const isNew = ({ producer }: { producer: string }) => !known.has(producer);
    await until(
      'the new producer is listed',
      async () => (await listed()).some(isNew),
      20_000,
      cluster.output,
    );
    await untilThrough(Date.now());
    const producer = (await listed()).find(isNew)?.producer ?? '';
    frozen.current()?.child.kill('SIGSTOP');
    const frozenMs = Date.now();
    await acceptAndCount([other]);
    expect(await readThroughMs()).toBeLessThanOrEqual(frozenMs);
    const { status, body } = await retire({ name: producer });
    expect([status, body]).toEqual([200, { retired: [producer] }]);
    await untilThrough(Date.now());
    expect(await listed()).toContainEqual(expect.objectContaining({ producer, state: 'retired' }));

    frozen.current()?.child.kill('SIGCONT');
    const isBack = async () =>
      (await listed()).some((each) => each.producer === producer && each.state === 'live');
    await until('the gateway is live again', isBack, 60_000, cluster.output);
    await accept(20, [frozen]);
    await untilThrough(Date.now());
    expect((await retire({ legacy: true })).body).toEqual({ retired: [] });
  });

  async function listed(): Promise<{ producer: string; state: string }[]> {
    const { status, body } = await call(cluster.api.url, 'GET', '/api/v1/gateways');
    expect(status).toBe(200);
    return body['gateways'] as { producer: string; state: string }[];
  }

  const retire = (body: object) => call(cluster.api.url, 'POST', '/api/v1/gateways/retire', { body });
});
