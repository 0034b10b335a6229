import type { Bench } from '../support/bench.ts';
import { runModule } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { measureRounds } from '../support/rounds.ts';
import { median, round, spread } from '../support/statistics.ts';
import { type Broker, withBroker } from './broker.ts';
import { type FullTopic, measureStoring, type StoringRun, starters } from './contenders.ts';
import { whyNoEngine } from './engine-table.ts';
import type { FillInput } from './fill.ts';
import { measureRelay } from './relaying.ts';
import { withStore } from './store.ts';

const partitions = 6;
const gateways = 4;
const fillProcesses = 2;
const spanMs = 6 * 3_600_000;
const defaultRounds = 2;
/** Number of events. BENCH_EVENTS sets a smaller number during development. */
const count = Number(process.env['BENCH_EVENTS'] ?? 2_000_000);

type Name = keyof typeof starters;
type Round = Partial<Record<Name, StoringRun>>;

/**
 * Measures how fast one consumer stores a full topic exactly once, compared with consumers with weaker guarantees: a
 * plain one and ClickHouse's Kafka engine. All read the same topic. Each has a new consumer group and a new store of
 * the same kind. The bench also measures how fast the relay of one gateway sends.
 */
export const kafka: Bench = ({ rounds = defaultRounds }) =>
  withBroker(async (broker) => {
    const noEngine = await withStore(({ client }) => whyNoEngine(client));
    const names: Name[] = noEngine === undefined ? ['watmeter', 'plain', 'engine'] : ['watmeter', 'plain'];
    const topic = await fillTopic(broker);
    const { results, othersPercent } = await measureRounds(rounds, (index) =>
      // Every second round has the reverse order, because a later contender may find a busier disk.
      storeByAll(index % 2 === 0 ? names : names.toReversed(), topic),
    );
    const vsPlainInsert = results.map((each) => rateOf(each.watmeter) / rateOf(each.plain));
    const vsKafkaEngine = results.map((each) => rateOf(each.watmeter) / rateOf(each.engine));
    return {
      figures: {
        events: count,
        ...Object.fromEntries(names.map((name) => [name, summarise(results.map((each) => each[name]))])),
        vsKafkaEngine: noEngine === undefined ? spread(vsKafkaEngine, 3) : null,
        ...(noEngine !== undefined && { vsKafkaEngineReason: noEngine }),
        vsPlainInsert: spread(vsPlainInsert, 3),
        othersPercent,
        relay: await measureRelay(broker, rounds),
      },
      ratios: {
        vsPlainInsert: round(median(vsPlainInsert), 3),
        ...(noEngine === undefined && { vsKafkaEngine: round(median(vsKafkaEngine), 3) }),
      },
    };
  });

async function fillTopic({ brokers, createTopic }: Broker): Promise<FullTopic> {
  report(`filling a topic with ${count} events`);
  const topic = { brokers, topic: await createTopic(partitions), count };
  const input: FillInput = {
    ...topic,
    count: count / fillProcesses,
    gateways: gateways / fillProcesses,
    partitions,
    spanMs,
  };
  await Promise.all(Array.from({ length: fillProcesses }, () => runModule('kafka/fill.js', input)));
  return topic;
}

async function storeByAll(names: readonly Name[], topic: FullTopic): Promise<Round> {
  const result: Round = {};
  for (const name of names) {
    const run = await measureStoring(starters[name], topic);
    report(`${name}: ${round(rateOf(run))} events a second, ${run.parts} parts`);
    result[name] = run;
  }
  return result;
}

function rateOf(run: StoringRun | undefined): number {
  return run?.perSecond ?? Number.NaN;
}

function summarise(runs: readonly (StoringRun | undefined)[]) {
  const cpuUs = (of: (run: StoringRun) => number) =>
    spread(
      runs.flatMap((run) => (run === undefined ? [] : [(of(run) * 1000) / count])),
      1,
    );
  return {
    perSecond: spread(runs.map(rateOf)),
    consumerCpuUsPerEvent: cpuUs(({ consumerCpuMs }) => consumerCpuMs),
    storeCpuUsPerEvent: cpuUs(({ storeCpuMs }) => storeCpuMs),
  };
}
