import { type Instance, sleep } from '../instance.ts';
import type { Random } from '../random.ts';
import { type Rig, sessionTimeoutMs } from './rig.ts';

/** Does harm and ends when it is over; what it killed runs again. Answers what it did. */
type Fault = (rig: Rig, random: Random) => Promise<string>;

/** Kinds of faults, each with how often it is picked. */
const kinds: readonly (readonly [number, Fault])[] = [
  [3, (rig, random) => killed('gateway', rig.gateways, random)],
  [4, (rig, random) => killed('consumer', rig.consumers, random)],
  [2, brokerKilled],
  [2, consumerFrozen],
  [2, consumerLeaves],
  [1, brokerFrozen],
  [1, storeKilled],
  [2, storeRefuses],
  [2, storeIsSilent],
];

const bag = kinds.flatMap(([often, fault]) => Array.from({ length: often }, () => fault));

/** One fault, at random. */
export function strike(rig: Rig, random: Random): Promise<string> {
  return random.pick(bag)(rig, random);
}

/** What a supervisor does: a process that gave up by itself is started again. Answers which ones. */
export async function revive({ gateways, consumers }: Rig): Promise<string[]> {
  const dead = [...gateways, ...consumers].filter((instance) => !instance.isRunning());
  const lastWords = dead.map((instance) => instance.output().slice(-500));
  await Promise.all(dead.map((instance) => instance.spawn()));
  return lastWords;
}

async function killed(what: string, instances: readonly Instance[], random: Random): Promise<string> {
  const index = random.integer(0, instances.length);
  const instance = instances[index];
  await instance?.kill();
  await sleep(random.between(0, 1500));
  await instance?.spawn({ env: randomSettings(random) });
  return `${what} ${index + 1} killed`;
}

async function brokerKilled({ cluster: { kafka } }: Rig, random: Random): Promise<string> {
  const broker = random.pick(kafka.brokers);
  await broker.kill();
  await sleep(random.between(0, 3000));
  await broker.start();
  return `broker ${broker.id} killed`;
}

async function brokerFrozen({ cluster: { kafka } }: Rig, random: Random): Promise<string> {
  const broker = random.pick(kafka.brokers);
  const frozenMs = random.between(1000, 9000);
  broker.freeze();
  await sleep(frozenMs);
  broker.resume();
  return `broker ${broker.id} frozen for ${Math.round(frozenMs)} ms`;
}

/** Past its session time-out, so that others take its partitions; half of the time while it sends an insert. */
async function consumerFrozen(
  { consumers, cluster: { clickHouse: face } }: Rig,
  random: Random,
): Promise<string> {
  const index = random.integer(0, consumers.length);
  const frozenMs = sessionTimeoutMs + random.between(500, 4000);
  if (random.chance(0.5)) await face.orderFault({ kind: 'delay', delayMs: frozenMs, times: 1 });
  await sleep(random.between(0, 300));
  consumers[index]?.freeze();
  await sleep(frozenMs);
  consumers[index]?.resume();
  return `consumer ${index + 1} frozen for ${Math.round(frozenMs)} ms`;
}

async function consumerLeaves({ consumers }: Rig, random: Random): Promise<string> {
  const index = random.integer(0, consumers.length);
  // Before that it does not know how to stop in order.
  await consumers[index]?.waitUntilLive();
  await consumers[index]?.stop();
  await sleep(random.between(0, 3000));
  await consumers[index]?.spawn({ env: randomSettings(random) });
  return `consumer ${index + 1} left and came back`;
}

async function storeKilled({ cluster: { clickHouse: face } }: Rig, random: Random): Promise<string> {
  await face.kill();
  await sleep(random.between(0, 1500));
  await face.start();
  return 'store killed';
}

async function storeRefuses({ cluster: { clickHouse: face } }: Rig, random: Random): Promise<string> {
  const times = random.integer(1, 10);
  const error = { code: 241, name: 'MEMORY_LIMIT_EXCEEDED', message: 'ordered by the test' };
  await face.orderFault({ kind: 'refuse', times, ...error });
  return `store refuses ${times} inserts`;
}

/** It writes, and nobody hears of it; or it hears half. */
async function storeIsSilent({ cluster: { clickHouse: face } }: Rig, random: Random): Promise<string> {
  const kind = random.pick(['cut-before', 'cut-after'] as const);
  const times = random.integer(1, 6);
  await face.orderFault({ kind, times });
  return `store: ${kind} of ${times} inserts`;
}

/** Settings that move the windows: how long the sink waits, how much it takes. */
export function randomSettings(random: Random): Record<string, string> {
  return {
    SINK_LINGER: random.pick(['10ms', '200ms']),
    SINK_MAX_ROWS: random.pick(['300', '50000']),
  };
}
