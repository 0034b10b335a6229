import { type Instance, sleep } from '../instance.ts';
import type { Random } from '../random.ts';
import { type Rig, sessionTimeoutMs } from './rig.ts';

/** Injects a fault. Resolves with a description when the effect of the fault is over and all processes run again. */
type Fault = (rig: Rig, random: Random) => Promise<string>;

/** The kinds of faults with their weights. */
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

const weightedFaults = kinds.flatMap(([weight, fault]) => Array.from({ length: weight }, () => fault));

/** Injects one random fault. */
export function injectFault(rig: Rig, random: Random): Promise<string> {
  return random.pick(weightedFaults)(rig, random);
}

/** Restarts every process that has exited, like a supervisor. Returns the last output of each of these processes. */
export async function restartEnded({ gateways, consumers }: Rig): Promise<string[]> {
  const ended = [...gateways, ...consumers].filter((instance) => !instance.isRunning());
  const outputs = ended.map((instance) => instance.output().slice(-500));
  await Promise.all(ended.map((instance) => instance.spawn()));
  return outputs;
}

async function killed(role: string, instances: readonly Instance[], random: Random): Promise<string> {
  const index = random.integer(0, instances.length);
  const instance = instances[index];
  await instance?.kill();
  await sleep(random.between(0, 1500));
  await instance?.spawn({ env: randomSettings(random) });
  return `${role} ${index + 1} killed`;
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

/**
 * Freezes a consumer for longer than its session timeout, so that other consumers get its partitions. In half of the
 * cases, the consumer is frozen during an insert.
 */
async function consumerFrozen({ consumers, cluster: { clickHouse } }: Rig, random: Random): Promise<string> {
  const index = random.integer(0, consumers.length);
  const frozenMs = sessionTimeoutMs + random.between(500, 4000);
  if (random.chance(0.5)) await clickHouse.orderFault({ kind: 'delay', delayMs: frozenMs, times: 1 });
  await sleep(random.between(0, 300));
  consumers[index]?.freeze();
  await sleep(frozenMs);
  consumers[index]?.resume();
  return `consumer ${index + 1} frozen for ${Math.round(frozenMs)} ms`;
}

async function consumerLeaves({ consumers }: Rig, random: Random): Promise<string> {
  const index = random.integer(0, consumers.length);
  // A consumer cannot shut down cleanly before it has started.
  await consumers[index]?.waitUntilLive();
  await consumers[index]?.stop();
  await sleep(random.between(0, 3000));
  await consumers[index]?.spawn({ env: randomSettings(random) });
  return `consumer ${index + 1} left and came back`;
}

async function storeKilled({ cluster: { clickHouse } }: Rig, random: Random): Promise<string> {
  await clickHouse.kill();
  await sleep(random.between(0, 1500));
  await clickHouse.start();
  return 'store killed';
}

async function storeRefuses({ cluster: { clickHouse } }: Rig, random: Random): Promise<string> {
  const times = random.integer(1, 10);
  const error = { code: 241, name: 'MEMORY_LIMIT_EXCEEDED', message: 'injected by the test' };
  await clickHouse.orderFault({ kind: 'refuse', times, ...error });
  return `store refuses ${times} inserts`;
}

/** Cuts the connections of inserts, either before the insert is executed or between its execution and its response. */
async function storeIsSilent({ cluster: { clickHouse } }: Rig, random: Random): Promise<string> {
  const kind = random.pick(['cut-before', 'cut-after'] as const);
  const times = random.integer(1, 6);
  await clickHouse.orderFault({ kind, times });
  return `store: ${kind} of ${times} inserts`;
}

/** Returns settings that vary the timing: the sink's linger time and batch size. */
export function randomSettings(random: Random): Record<string, string> {
  return {
    SINK_LINGER: random.pick(['10ms', '200ms']),
    SINK_MAX_ROWS: random.pick(['300', '50000']),
  };
}
