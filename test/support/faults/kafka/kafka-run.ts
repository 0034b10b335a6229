import { type Audit, audit } from '../audit.ts';
import { countUnanswered, createExchangeLog, type ExchangeLog } from '../exchange-log.ts';
import { sleep } from '../instance.ts';
import { createLoadClient } from '../load-client.ts';
import { createRandom, type Random } from '../random.ts';
import { injectFault, randomSettings, restartEnded } from './faults.ts';
import { createRig, type Rig, type RigOptions } from './rig.ts';
import { readAgain, untilStored } from './stored.ts';

export interface KafkaRunConfig extends RigOptions {
  readonly seed: number;
  /** The number of exchanges that must return 200. */
  readonly exchanges: number;
  readonly faults: number;
  /** The number of concurrent exchanges per gateway. */
  readonly concurrency: number;
  /** The partition count after the increase, which happens after half of the faults. */
  readonly raisePartitionsTo?: number;
  /** Makes the consumers reread all events at the end: with reset and deleted offsets, and from a copy of the topic. */
  readonly readAgain?: boolean;
  readonly progress: (line: string) => void;
}

export interface KafkaRunResult {
  /** The guarantees that were broken. The list is empty if no event was lost or stored twice. */
  readonly violations: readonly string[];
  readonly audit: Audit;
}

/** Runs exchanges on a cluster while its processes are killed and frozen in turn, and then checks every id. */
export async function runKafkaFaults(config: KafkaRunConfig): Promise<KafkaRunResult> {
  const rig = await createRig(config);
  try {
    return await runOn(rig, config);
  } finally {
    await rig.remove();
  }
}

async function runOn(rig: Rig, config: KafkaRunConfig): Promise<KafkaRunResult> {
  const { seed, progress } = config;
  const random = createRandom(seed);
  const exchangeLog = createExchangeLog(rig.tokens);
  const instances = [...rig.gateways, ...rig.consumers];
  await Promise.all(instances.map((instance) => instance.start({ env: randomSettings(random) })));
  await exchangeUnderFaults(rig, config, random, exchangeLog);
  await rig.cluster.clickHouse.clearFaults();
  progress(`${exchangeLog.answered.size} answered; waiting until all is stored`);
  await untilStored(rig);
  if (config.readAgain) await readAgain(rig, progress);
  await Promise.all(instances.map((instance) => instance.waitUntilLive()));
  await Promise.all(instances.map((instance) => instance.stop()));
  await rig.cluster.clickHouse.stop();
  progress('everything is stored; checking every id');
  const journalDirs = rig.gateways.map(({ dataDir }) => dataDir);
  const result = await audit({ clickHouseDir: rig.clickHouseDir, journalDirs }, exchangeLog);
  const refused =
    exchangeLog.refused.length === 0 ? [] : [`${exchangeLog.refused.length} exchanges were refused`];
  return { audit: result, violations: [...result.violations, ...refused] };
}

async function exchangeUnderFaults(
  rig: Rig,
  config: KafkaRunConfig,
  random: Random,
  exchangeLog: ExchangeLog,
) {
  const { exchanges, concurrency } = config;
  const clients = rig.gateways.map(({ url }) => createLoadClient({ url, concurrency }, exchangeLog));
  let isInjecting = true;
  try {
    const isEnough = () => !isInjecting && exchangeLog.answered.size >= exchanges;
    const load = Promise.all(clients.map((client) => client.run(isEnough)));
    load.catch(() => {});
    await injectFaults(rig, config, random, exchangeLog);
    isInjecting = false;
    await load;
  } finally {
    isInjecting = false;
    for (const client of clients) client.close();
  }
}

async function injectFaults(rig: Rig, config: KafkaRunConfig, random: Random, exchangeLog: ExchangeLog) {
  const { faults, progress, raisePartitionsTo } = config;
  const { topics, topic } = rig.cluster;
  for (let fault = 1; fault <= faults; fault += 1) {
    const description = await injectFault(rig, random);
    const counts = `${exchangeLog.answered.size} answered, ${countUnanswered(exchangeLog)} not`;
    progress(`fault ${fault}/${faults}: ${description}; ${counts}`);
    if (fault === Math.ceil(faults / 2) && raisePartitionsTo !== undefined) {
      await topics.addPartitions(topic, raisePartitionsTo);
      progress(`partitions raised to ${raisePartitionsTo}`);
    }
    await sleep(random.between(0, 1500));
    for (const output of await restartEnded(rig)) progress(`restarted a process that had ended: ${output}`);
  }
}
