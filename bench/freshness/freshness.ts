import { join } from 'node:path';
import { claimsOf, createMinter, type TokenKey } from '../load/mint.ts';
import type { Bench } from '../support/bench.ts';
import { fillDataDirectory } from '../support/data-directory.ts';
import { withDirectory } from '../support/processes.ts';
import { measureRounds } from '../support/rounds.ts';
import { percentile, round, spread } from '../support/statistics.ts';
import { startWatmeter, type Watmeter } from '../support/watmeter.ts';
import { exchangeSteadily } from './exchanging.ts';
import { startWatching } from './watching.ts';

const storedEvents = 300_000;
const exchangesPerSecond = 200;
/** Every tenth exchange uses the configuration that the bench measures. */
const watchedShare = 10;
const warmUpSeconds = 5;
const secondsInRound = 20;
const defaultRounds = 3;
const queryClients = 2;

/** Queries of dashboards, in several time zones and with filters. */
const queries = [
  '/api/v1/usage/summary?timeZone=America/New_York',
  '/api/v1/usage/configurations?timeZone=Asia/Kolkata',
  '/api/v1/usage/tags?timeZone=Europe/Berlin',
  '/api/v1/usage/tags?timeZone=Pacific/Chatham&match=all&tag=newsletter&tag=customer-10',
  '/api/v1/usage/configurations?timeZone=America/St_Johns&tag=portal',
  '/api/v1/usage/summary?timeZone=Australia/Lord_Howe&untagged=true',
];

/** Keys that create the exchanged tokens: one of the measured configuration, and one of another configuration. */
interface Keys {
  readonly watched: TokenKey;
  readonly other: TokenKey;
}

/**
 * Measures how long after its response an exchange appears in the usage API, under steady traffic and while
 * dashboards send queries. The bench polls the total of one configuration. The nth exchange of this configuration is
 * visible when the total is at least n.
 */
export const freshness: Bench = ({ rounds = defaultRounds }) =>
  withDirectory(async (directory) => {
    const dataDir = join(directory, 'data');
    await fillDataDirectory(dataDir, storedEvents);
    const watmeter = await startWatmeter({ dataDir });
    try {
      const keys: Keys = {
        watched: await watmeter.createConfiguration('Watched'),
        other: await watmeter.createConfiguration('Other'),
      };
      const watch = startWatching(watmeter.call, keys.watched);
      const reading = startReading(watmeter);
      watch.skip((await exchangeForAWhile(watmeter, keys, warmUpSeconds)).length);
      const { results, othersPercent } = await measureRounds(rounds, async () => {
        const delaysMs = await watch.delaysOf(await exchangeForAWhile(watmeter, keys, secondsInRound));
        return { p50Ms: percentile(delaysMs, 0.5), p95Ms: percentile(delaysMs, 0.95), delaysMs };
      });
      const all = results.flatMap(({ delaysMs }) => delaysMs);
      const read = await reading.stop();
      await watch.stop();
      return {
        figures: {
          samples: all.length,
          p50Ms: round(percentile(all, 0.5)),
          p95Ms: round(percentile(all, 0.95)),
          p99Ms: round(percentile(all, 0.99)),
          maxMs: round(Math.max(...all)),
          p95MsByRound: spread(results.map(({ p95Ms }) => p95Ms)),
          othersPercent,
          queriesPerSecond: round(read.perSecond, 1),
          queryP50Ms: round(percentile(read.latenciesMs, 0.5), 1),
          queryP95Ms: round(percentile(read.latenciesMs, 0.95), 1),
          pollMs: round(watch.everyMs(), 1),
        },
        ratios: {},
      };
    } finally {
      await watmeter.stop();
    }
  });

/**
 * Sends exchanges for a number of seconds. Returns the times at which the responses of the measured exchanges
 * arrived.
 */
function exchangeForAWhile({ url }: Watmeter, keys: Keys, seconds: number): Promise<number[]> {
  const mintWatched = createMinter(keys.watched);
  const mintOther = createMinter(keys.other);
  const tokens = Array.from({ length: exchangesPerSecond * seconds }, (_, index) =>
    (index % watchedShare === 0 ? mintWatched : mintOther)(claimsOf(index)),
  );
  return exchangeSteadily({ url, tokens, perSecond: exchangesPerSecond, watchedShare });
}

/** Sends usage queries without pauses, like a few open dashboards. */
function startReading(watmeter: Watmeter) {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  let stopping = false;

  async function read(client: number): Promise<void> {
    for (let turn = client; !stopping; turn += 1) {
      const sentMs = performance.now();
      await watmeter.call('GET', queries[turn % queries.length] ?? '');
      latenciesMs.push(performance.now() - sentMs);
    }
  }

  const reading = Promise.all(Array.from({ length: queryClients }, (_, client) => read(client)));
  return {
    async stop() {
      stopping = true;
      await reading;
      return { latenciesMs, perSecond: latenciesMs.length / ((performance.now() - startedMs) / 1000) };
    },
  };
}
