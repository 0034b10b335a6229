import { randomBytes } from 'node:crypto';
import type { Bench } from '../support/bench.ts';
import { sleep } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { spread } from '../support/statistics.ts';
import { type Broker, withBroker } from './broker.ts';
import type { NodeProcess } from './node-process.ts';
import { type Store, withStore } from './store.ts';
import { startTrickle } from './trickle.ts';
import { startConsumer } from './watmeter-consumer.ts';

const partitions = 6;
const defaultRounds = 2;
const lookEveryMs = 100;
const limitMs = 120_000;

/**
 * Measures for how long no consumer stores the partitions of a killed consumer. The time runs from the SIGKILL until
 * the other consumer has stored an event of each partition that is newer than the kill. Each round measures two
 * values of KAFKA_SESSION_TIMEOUT. The first one is the default.
 */
export const kafkaTakeover: Bench = ({ rounds = defaultRounds }) =>
  withBroker(async (broker) => {
    const seconds: Record<'30s' | '6s', number[]> = { '30s': [], '6s': [] };
    for (let index = 0; index < rounds; index += 1) {
      for (const timeout of ['30s', '6s'] as const) {
        const took = await withStore((store) => killOne(broker, store, timeout));
        report(`KAFKA_SESSION_TIMEOUT ${timeout}: flows again after ${(took / 1000).toFixed(1)} s`);
        seconds[timeout].push(took / 1000);
      }
    }
    return {
      figures: { secondsWith30s: spread(seconds['30s'], 1), secondsWith6s: spread(seconds['6s'], 1) },
      ratios: {},
    };
  });

async function killOne({ brokers, createTopic }: Broker, store: Store, timeout: string): Promise<number> {
  const topic = await createTopic(partitions);
  const group = `bench-${randomBytes(4).toString('hex')}`;
  const { url, user, password } = store;
  const plan = {
    store: { url, user, password },
    brokers,
    topic,
    group,
    env: { KAFKA_SESSION_TIMEOUT: timeout },
  };
  const consumers = [startConsumer(plan), startConsumer(plan)] as const;
  const trickle = startTrickle(brokers, topic, partitions);
  try {
    const victims = await untilShared(store, consumers);
    const killedMs = performance.now();
    const killedAtMs = Date.now();
    await consumers[0].stop('SIGKILL');
    await until('the partitions flow again', async () => {
      const newest = await newestByPartition(store);
      return victims.every((partition) => (newest.get(partition) ?? 0) > killedAtMs);
    });
    return performance.now() - killedMs;
  } finally {
    await trickle.stop();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  }
}

/**
 * Resolves when both consumers own partitions and events of all partitions are being stored. Resolves to the
 * partitions of the first consumer.
 */
async function untilShared(store: Store, consumers: readonly [NodeProcess, NodeProcess]): Promise<number[]> {
  let victims: number[] = [];
  await until('both consumers have partitions', async () => {
    for (const consumer of consumers) consumer.checkAlive();
    const owners = await rowsOf<{ partition: number; owner: string }>(
      store,
      'SELECT partition, argMax(owner, (epoch, owner)) AS owner FROM partition_owners GROUP BY partition',
    );
    const [first, second] = consumers.map(({ pid }) =>
      owners.filter(({ owner }) => owner.includes(`_${pid}-`)).map(({ partition }) => Number(partition)),
    );
    victims = first ?? [];
    const flows = [...(await newestByPartition(store)).values()].every((ms) => ms > Date.now() - 2000);
    return victims.length > 0 && victims.length + (second?.length ?? 0) === partitions && flows;
  });
  return victims;
}

async function newestByPartition(store: Store): Promise<Map<number, number>> {
  const rows = await rowsOf<{ partition: number; newest: string }>(
    store,
    'SELECT partition, toUnixTimestamp64Milli(max(time)) AS newest FROM session_events GROUP BY partition',
  );
  return new Map(rows.map(({ partition, newest }) => [Number(partition), Number(newest)]));
}

async function rowsOf<T>({ client }: Store, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}

/**
 * Polls until a condition is true.
 * @throws Error if it is not true in time.
 */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(lookEveryMs);
  }
}
