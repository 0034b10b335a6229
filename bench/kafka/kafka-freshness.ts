import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '../../test/support/services/postgres.ts';
import { exchangeSteadily } from '../freshness/exchanging.ts';
import { startWatching } from '../freshness/watching.ts';
import { claimsOf, createMinter } from '../load/mint.ts';
import type { Bench } from '../support/bench.ts';
import { type ServerProcess, sleep, startServer, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { measureRounds } from '../support/rounds.ts';
import { percentile, round, spread } from '../support/statistics.ts';
import { adminToken, createCaller, createConfiguration } from '../support/watmeter.ts';
import { type Broker, withBroker } from './broker.ts';
import { type Store, withStore } from './store.ts';

const partitions = 6;
const exchangesPerSecond = 500;
const warmUpSeconds = 5;
const secondsInRound = 20;
const defaultRounds = 2;
/** Time after which every gateway knows a new configuration. */
const spreadMs = 5000;

/**
 * Measures how long after its response an exchange appears in the usage API, if the event is sent through Kafka.
 * Gateway, consumer and API are separate processes, and all exchanges use one link. The nth exchange is visible when
 * the total is at least n. The figures `completeThroughLagP50Ms` and `completeThroughLagP95Ms` are the time from
 * `completeThrough` to the response. They need watermarks, so WATERMARKS is set.
 */
export const kafkaFreshness: Bench = ({ rounds = defaultRounds }) =>
  withBroker((broker) =>
    withStore((store) =>
      withRoles(broker, store, async ({ gateway, api }) => {
        const call = createCaller(api.url);
        const key = await createConfiguration(call, 'Hot link');
        await sleep(spreadMs);
        const token = createMinter(key)(claimsOf(1));
        const watch = startWatching(call, key);
        const exchangeFor = (seconds: number) =>
          exchangeSteadily({
            url: gateway.url,
            tokens: Array.from({ length: exchangesPerSecond * seconds }, () => token),
            perSecond: exchangesPerSecond,
            watchedShare: 1,
          });
        report('warming up');
        watch.skip((await exchangeFor(warmUpSeconds)).length);
        const lagsOf = watch.lagsMs().length;
        const { results, othersPercent } = await measureRounds(rounds, async () => {
          const delaysMs = await watch.delaysOf(await exchangeFor(secondsInRound));
          return { p50Ms: percentile(delaysMs, 0.5), p95Ms: percentile(delaysMs, 0.95), delaysMs };
        });
        await watch.stop();
        const lagsMs = watch.lagsMs().slice(lagsOf);
        const all = results.flatMap(({ delaysMs }) => delaysMs);
        return {
          figures: {
            samples: all.length,
            exchangesPerSecond,
            p50Ms: round(percentile(all, 0.5)),
            p95Ms: round(percentile(all, 0.95)),
            p99Ms: round(percentile(all, 0.99)),
            p95MsByRound: spread(results.map(({ p95Ms }) => p95Ms)),
            completeThroughLagP50Ms: round(percentile(lagsMs, 0.5)),
            completeThroughLagP95Ms: round(percentile(lagsMs, 0.95)),
            othersPercent,
            pollMs: round(watch.everyMs(), 1),
          },
          ratios: {},
        };
      }),
    ),
  );

interface Roles {
  readonly gateway: ServerProcess;
  readonly api: ServerProcess;
}

async function withRoles<T>(broker: Broker, store: Store, work: (roles: Roles) => Promise<T>): Promise<T> {
  const postgres = await startPostgres();
  const started: ServerProcess[] = [];
  try {
    return await withDirectory(async (directory) => {
      const env = {
        ADMIN_TOKEN: adminToken,
        MASTER_KEY: randomBytes(32).toString('base64'),
        DATABASE_URL: await postgres.createDatabase(),
        WATERMARKS: 'true',
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPIC: await broker.createTopic(partitions),
        CLICKHOUSE_URL: store.url,
        CLICKHOUSE_USER: store.user,
        CLICKHOUSE_PASSWORD: store.password,
      };
      const start = async (role: string) => {
        const server = await startServer({
          command: process.execPath,
          args: [join('bin', 'watmeter.cjs'), role],
          env: { ...env, DATA_DIR: join(directory, role) },
          readyPath: '/health/ready',
        });
        started.push(server);
        return server;
      };
      report('starting the roles');
      const roles = { api: await start('api'), gateway: await start('gateway') };
      await start('consumer');
      return await work(roles);
    });
  } finally {
    await Promise.all(started.map((server) => server.stop('SIGKILL')));
    await postgres.remove();
  }
}
