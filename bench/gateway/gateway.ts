import type { Generator, SendResult } from '../load/generator.ts';
import { startGenerator } from '../load/generator.ts';
import type { TokenKey } from '../load/mint.ts';
import { type PlainService, startPlainService } from '../plain-service/start.ts';
import type { Bench } from '../support/bench.ts';
import { cpuMsOf, type ServerProcess, settle, sleep, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { measureRounds } from '../support/rounds.ts';
import { median, round, spread } from '../support/statistics.ts';
import { startWatmeter, type Watmeter } from '../support/watmeter.ts';
import { measureRsaLimit } from './rsa-limit.ts';

const connections = 64;
const coldCount = 15_000;
const hotCount = 100_000;
const warmUpCount = 10_000;
const defaultRounds = 5;

/** Result of sending one load to one service. */
interface Load extends SendResult {
  /** CPU time of the service per exchange, until the last response. */
  readonly cpuUs: number;
  /** CPU time of the service per exchange after the last response. watmeter then still stores and merges events. */
  readonly laterCpuUs: number;
  /** Number of sessions that were accepted but not stored yet when the last response arrived. */
  readonly pendingEvents: number;
}

interface Round {
  readonly rsaLimit: number;
  readonly plainSigned: Load;
  readonly plainEncrypted: Load;
  readonly cold: Load;
  readonly hot: Load;
  /**
   * Number of successful exchanges with watmeter, including the warm-up. The bench checks that as many sessions were
   * counted.
   */
  readonly answered: number;
}

/** Processes that run during all rounds. Each round starts its own watmeter. */
interface SharedParties {
  readonly plainSigned: PlainService;
  readonly plainEncrypted: PlainService;
  readonly generator: Generator;
}

interface Parties extends SharedParties {
  readonly watmeter: Watmeter;
  readonly key: TokenKey;
}

/**
 * Measures exchanges per second with new tokens, and with one link that is opened repeatedly. Both are compared with
 * the RSA limit of the cores and with the plain service. Everything runs on the same cores: service, load generator,
 * journal, sink, ClickHouse. Each round starts a new watmeter, because the speed of the same build varies by up to a
 * tenth between processes.
 */
export const gateway: Bench = ({ rounds = defaultRounds }) =>
  withDirectory(async (directory) => {
    const shared: SharedParties = {
      plainSigned: await startPlainService('signed'),
      plainEncrypted: await startPlainService('encrypted'),
      generator: startGenerator(),
    };
    try {
      await warmUpPlain(shared);
      const { results, othersPercent } = await measureRounds(rounds, (index) =>
        measureRound(shared, `${directory}/data-${index}`),
      );
      const figures = {
        connections,
        rsaLimitPerSecond: spread(results.map(({ rsaLimit }) => rsaLimit)),
        plainSigned: summarise(results.map((each) => each.plainSigned)),
        plainEncrypted: summarise(results.map((each) => each.plainEncrypted)),
        cold: summarise(results.map(({ cold }) => cold)),
        hot: summarise(results.map(({ hot }) => hot)),
        othersPercent,
        answeredAndCounted: results.reduce((sum, { answered }) => sum + answered, 0),
      };
      return { figures: { ...figures, ratios: spreadOfRatios(results) }, ratios: ratiosOf(results) };
    } finally {
      shared.generator.stop();
      await Promise.all([shared.plainSigned.stop(), shared.plainEncrypted.stop()]);
    }
  });

async function warmUpPlain({ plainSigned, plainEncrypted, generator }: SharedParties): Promise<void> {
  report('minting and warming up');
  // The plain services cache nothing, so all rounds can use the same tokens.
  await generator.mint('plain signed', plainSigned.key, coldCount);
  await generator.mint('plain encrypted', plainEncrypted.key, coldCount);
  await measureRsaLimit(1);
  await generator.send({ port: plainSigned.port, connections, set: 'plain signed' });
  await generator.send({ port: plainEncrypted.port, connections, set: 'plain encrypted' });
}

async function measureRound(shared: SharedParties, dataDir: string): Promise<Round> {
  const watmeter = await startWatmeter({ dataDir });
  try {
    const parties = { ...shared, watmeter, key: await watmeter.createConfiguration('Bench') };
    const warmedUp = await warmUp(parties);
    const loads = await measureLoads(parties);
    const answered = warmedUp + loads.cold.count + loads.hot.count;
    await checkCounted(watmeter, answered);
    return { ...loads, answered };
  } finally {
    await watmeter.stop();
  }
}

/** Warms up watmeter. Returns the number of exchanges, which all succeed. */
async function warmUp({ watmeter: { port }, key, generator }: Parties): Promise<number> {
  await generator.mint('cold', key, warmUpCount);
  await generator.send({ port, connections, set: 'cold' });
  await generator.send({ port, connections, set: 'cold', repeat: hotCount / 5 });
  return warmUpCount + hotCount / 5;
}

async function measureLoads(parties: Parties): Promise<Omit<Round, 'answered'>> {
  const { watmeter, key, plainSigned, plainEncrypted, generator } = parties;
  await generator.mint('cold', key, coldCount);
  await settle(watmeter.child.pid);
  return {
    rsaLimit: await measureRsaLimit(),
    plainSigned: await load(parties, plainSigned, 'plain signed'),
    cold: await load(parties, watmeter, 'cold'),
    plainEncrypted: await load(parties, plainEncrypted, 'plain encrypted'),
    hot: await load(parties, watmeter, 'cold', hotCount),
  };
}

async function load(
  { generator, watmeter }: Parties,
  server: ServerProcess,
  set: string,
  repeat?: number,
): Promise<Load> {
  const { pid } = server.child;
  const startCpuMs = cpuMsOf(pid);
  const order = { port: server.port, connections, set, ...(repeat !== undefined && { repeat }) };
  const sent = await generator.send(order);
  const cpuMs = cpuMsOf(pid) - startCpuMs;
  const pendingEvents = server === watmeter ? await watmeter.pendingEvents() : 0;
  const laterCpuMs = await settle(pid);
  const eachUs = (ms: number) => round((ms * 1000) / sent.count);
  return { ...sent, cpuUs: eachUs(cpuMs), laterCpuUs: eachUs(laterCpuMs), pendingEvents };
}

/**
 * Ratios by name. Within a round, the services are measured one after the other, so that a slow phase of the machine
 * affects all of them.
 */
const ratioOf: Readonly<Record<string, (each: Round) => number>> = {
  // Compares watmeter with the faster of the two plain services.
  coldVsPlain: ({ cold, plainSigned, plainEncrypted }) =>
    cold.perSecond / Math.max(plainSigned.perSecond, plainEncrypted.perSecond),
  coldVsRsaLimit: ({ cold, rsaLimit }) => cold.perSecond / rsaLimit,
  hotVsCold: ({ hot, cold }) => hot.perSecond / cold.perSecond,
};

function ratiosOf(rounds: readonly Round[]): Record<string, number> {
  const entries = Object.entries(ratioOf).map(([name, of]) => [name, round(median(rounds.map(of)), 3)]);
  return Object.fromEntries(entries);
}

function spreadOfRatios(rounds: readonly Round[]) {
  return Object.fromEntries(Object.entries(ratioOf).map(([name, of]) => [name, spread(rounds.map(of), 3)]));
}

function summarise(loads: readonly Load[]) {
  const of = (name: keyof Load) => loads.map((each) => each[name]);
  return {
    perSecond: spread(of('perSecond')),
    p50Ms: spread(of('p50Ms'), 1),
    p99Ms: spread(of('p99Ms'), 1),
    cpuUs: spread(of('cpuUs')),
    laterCpuUs: spread(of('laterCpuUs')),
    generatorCpuUs: spread(of('generatorCpuUs')),
    pendingEventsAtEnd: spread(of('pendingEvents')),
  };
}

/**
 * Checks that every successful exchange was counted once.
 * @throws Error if the counts differ.
 */
async function checkCounted(watmeter: Watmeter, answered: number): Promise<void> {
  for (let attempt = 0; (await watmeter.pendingEvents()) > 0 && attempt < 300; attempt += 1) await sleep(100);
  const { total } = await watmeter.call<{ total: number }>('GET', '/api/v1/usage/summary');
  if (total !== answered) throw new Error(`answered ${answered}, counted ${total}`);
}
