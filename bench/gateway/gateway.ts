import { availableParallelism } from 'node:os';
import type { Generator, SendResult } from '../load/generator.ts';
import { startGenerator } from '../load/generator.ts';
import { type PlainService, startPlainService } from '../plain-service/start.ts';
import type { Bench } from '../support/bench.ts';
import {
  cpuMsOf,
  machineCpuMs,
  type ServerProcess,
  settle,
  sleep,
  withDirectory,
} from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { median, ratiosOf, round, spread } from '../support/statistics.ts';
import { startWatmeter, type Watmeter } from '../support/watmeter.ts';
import { measureRsaLimit } from './rsa-limit.ts';

const connections = 64;
const coldCount = 15_000;
const hotCount = 100_000;
const warmUpCount = 5_000;
const defaultRounds = 5;

/** One round of load on one service. */
interface Round extends SendResult {
  /** CPU time of the service for each exchange, from its start to the last answer. */
  readonly cpuUs: number;
  /** And what it had still to do then: storing, merging. */
  readonly laterCpuUs: number;
  /** Accepted and not stored at the last answer. */
  readonly pendingEvents: number;
  /** Share of the machine's CPU time that went to processes that are none of ours. */
  readonly othersPercent: number;
}

interface Rounds {
  readonly rsaLimit: number[];
  readonly plainSigned: Round[];
  readonly plainEncrypted: Round[];
  readonly cold: Round[];
  readonly hot: Round[];
}

interface Parties {
  readonly watmeter: Watmeter;
  readonly plainSigned: PlainService;
  readonly plainEncrypted: PlainService;
  readonly generator: Generator;
}

/**
 * Exchanges a second: fresh tokens, and one link that many open; against what the cores can do in RSA at all, and
 * against the plain service. Everything on the same cores: service, load generator, journal, sink, ClickHouse.
 */
export const gateway: Bench = (options) =>
  withDirectory(async (directory) => {
    const roundCount = options.rounds ?? defaultRounds;
    const watmeter = await startWatmeter({ dataDir: `${directory}/data` });
    const plainSigned = await startPlainService('signed');
    const plainEncrypted = await startPlainService('encrypted');
    const generator = startGenerator();
    const parties: Parties = { watmeter, plainSigned, plainEncrypted, generator };
    try {
      await mintAll(parties, roundCount);
      const rounds = await measure(parties, roundCount);
      const answered = warmUpCount + hotCount / 5 + roundCount * (coldCount + hotCount);
      return { figures: await figuresOf(parties, rounds, answered), ratios: ratiosOfRounds(rounds) };
    } finally {
      generator.stop();
      await Promise.all([watmeter.stop(), plainSigned.stop(), plainEncrypted.stop()]);
    }
  });

async function mintAll(parties: Parties, roundCount: number): Promise<void> {
  const { watmeter, plainSigned, plainEncrypted, generator } = parties;
  report('minting tokens');
  const key = await watmeter.createConfiguration('Bench');
  await generator.mint('warm-up', key, warmUpCount);
  for (let index = 0; index < roundCount; index += 1) await generator.mint(`cold ${index}`, key, coldCount);
  // They remember nothing, so they may see the same tokens again in the next round.
  await generator.mint('plain signed', plainSigned.key, coldCount);
  await generator.mint('plain encrypted', plainEncrypted.key, coldCount);
}

async function measure(parties: Parties, roundCount: number): Promise<Rounds> {
  const { watmeter, plainSigned, plainEncrypted } = parties;
  const rounds: Rounds = { rsaLimit: [], plainSigned: [], plainEncrypted: [], cold: [], hot: [] };
  report('warming up');
  await measureRsaLimit(1);
  await load(parties, plainSigned, 'plain signed');
  await load(parties, plainEncrypted, 'plain encrypted');
  await load(parties, watmeter, 'warm-up');
  await load(parties, watmeter, 'warm-up', hotCount / 5);

  for (let index = 0; index < roundCount; index += 1) {
    rounds.rsaLimit.push(await measureRsaLimit());
    rounds.plainSigned.push(await load(parties, plainSigned, 'plain signed'));
    rounds.cold.push(await load(parties, watmeter, `cold ${index}`));
    rounds.plainEncrypted.push(await load(parties, plainEncrypted, 'plain encrypted'));
    rounds.hot.push(await load(parties, watmeter, `cold ${index}`, hotCount));
    report(
      `round ${index + 1} of ${roundCount}: RSA limit ${round(rounds.rsaLimit.at(-1) ?? 0)}/s, ` +
        `plain ${lastRate(rounds.plainSigned)} and ${lastRate(rounds.plainEncrypted)}, ` +
        `cold ${lastRate(rounds.cold)}, hot ${lastRate(rounds.hot)}`,
    );
  }
  return rounds;
}

function lastRate(rounds: readonly Round[]): string {
  return `${round(rounds.at(-1)?.perSecond ?? 0)}/s`;
}

async function load(
  { generator, watmeter }: Parties,
  server: ServerProcess,
  set: string,
  repeat?: number,
): Promise<Round> {
  const { pid } = server.child;
  const ourCpuMs = () => cpuMsOf(pid) + cpuMsOf(generator.pid) + cpuMsOf(process.pid);
  const before = { service: cpuMsOf(pid), ours: ourCpuMs(), machine: machineCpuMs() };
  const sent = await generator.send({
    port: server.port,
    connections,
    set,
    ...(repeat !== undefined && { repeat }),
  });
  const cpuMs = cpuMsOf(pid) - before.service;
  const othersCpuMs = machineCpuMs() - before.machine - (ourCpuMs() - before.ours);
  const capacityMs = (sent.count / sent.perSecond) * 1000 * availableParallelism();
  const pendingEvents = server === watmeter ? await watmeter.pendingEvents() : 0;
  const laterCpuMs = await settle(pid);
  const eachUs = (ms: number) => round((ms * 1000) / sent.count);
  return {
    ...sent,
    cpuUs: eachUs(cpuMs),
    laterCpuUs: eachUs(laterCpuMs),
    pendingEvents,
    othersPercent: round((Math.max(0, othersCpuMs) / capacityMs) * 100, 1),
  };
}

function ratiosOfRounds({ rsaLimit, plainSigned, plainEncrypted, cold, hot }: Rounds) {
  const coldRates = ratesOf(cold);
  // Against the faster of the two.
  const plainRates = ratesOf(plainSigned).map((rate, index) =>
    Math.max(rate, plainEncrypted[index]?.perSecond ?? 0),
  );
  return {
    coldVsPlain: round(median(ratiosOf(coldRates, plainRates)), 3),
    coldVsRsaLimit: round(median(ratiosOf(coldRates, rsaLimit)), 3),
    hotVsCold: round(median(ratiosOf(ratesOf(hot), coldRates)), 3),
  };
}

function ratesOf(rounds: readonly Round[]): number[] {
  return rounds.map(({ perSecond }) => perSecond);
}

async function figuresOf({ watmeter }: Parties, rounds: Rounds, answered: number) {
  return {
    connections,
    rsaLimitPerSecond: spread(rounds.rsaLimit),
    plainSigned: describe(rounds.plainSigned),
    plainEncrypted: describe(rounds.plainEncrypted),
    cold: describe(rounds.cold),
    hot: describe(rounds.hot),
    ...(await countStored(watmeter, answered)),
  };
}

function describe(rounds: readonly Round[]) {
  const of = (name: keyof Round) => rounds.map((each) => each[name]);
  return {
    perSecond: spread(of('perSecond')),
    p50Ms: spread(of('p50Ms'), 1),
    p99Ms: spread(of('p99Ms'), 1),
    cpuUs: spread(of('cpuUs')),
    laterCpuUs: spread(of('laterCpuUs')),
    generatorCpuUs: spread(of('generatorCpuUs')),
    othersPercent: spread(of('othersPercent'), 1),
    pendingEventsAtEnd: spread(of('pendingEvents')),
  };
}

/** Everything that was answered must have been counted, once. */
async function countStored(watmeter: Watmeter, answered: number) {
  for (let attempt = 0; (await watmeter.pendingEvents()) > 0 && attempt < 300; attempt += 1) await sleep(100);
  const { total } = await watmeter.call<{ total: number }>('GET', '/api/v1/usage/summary');
  if (total !== answered) throw new Error(`answered ${answered}, counted ${total}`);
  return { answered, counted: total, pendingEvents: await watmeter.pendingEvents() };
}
