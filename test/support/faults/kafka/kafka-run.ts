import { type Audit, audit } from '../audit.ts';
import { type Books, countUnanswered, createBooks } from '../books.ts';
import { sleep } from '../instance.ts';
import { createLoadClient } from '../load-client.ts';
import { createRandom, type Random } from '../random.ts';
import { randomSettings, revive, strike } from './faults.ts';
import { createRig, type Rig, type RigOptions } from './rig.ts';
import { readAgain, untilStored } from './stored.ts';

export interface KafkaRunConfig extends RigOptions {
  readonly seed: number;
  /** Exchanges that must be answered 200, faults or no faults. */
  readonly exchanges: number;
  readonly faults: number;
  /** For each gateway. */
  readonly concurrency: number;
  /** In the middle of the faults. */
  readonly raisePartitionsTo?: number;
  /** At the end everything is read again: offsets reset, forgotten, from a copy of the topic. */
  readonly readAgain?: boolean;
  readonly progress: (line: string) => void;
}

export interface KafkaRunResult {
  /** Empty when nothing was lost and nothing stored twice. */
  readonly complaints: readonly string[];
  readonly audit: Audit;
}

/** Exchanges under load on a cluster in which one thing after another is killed or frozen; then every id is checked. */
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
  const books = createBooks(rig.tickets);
  const instances = [...rig.gateways, ...rig.consumers];
  await Promise.all(instances.map((instance) => instance.start({ env: randomSettings(random) })));
  await exchangeUnderFaults(rig, config, random, books);
  await rig.cluster.clickHouse.clearFaults();
  progress(`${books.answered.size} answered; waiting until all is stored`);
  await untilStored(rig);
  if (config.readAgain) await readAgain(rig, progress);
  await Promise.all(instances.map((instance) => instance.waitUntilLive()));
  await Promise.all(instances.map((instance) => instance.stop()));
  await rig.cluster.clickHouse.stop();
  progress('everything is stored; checking every id');
  const journalDirs = rig.gateways.map(({ dataDir }) => dataDir);
  const result = await audit({ clickHouseDir: rig.clickHouseDir, journalDirs }, books);
  const refused = books.refused.length === 0 ? [] : [`${books.refused.length} exchanges were refused`];
  return { audit: result, complaints: [...result.complaints, ...refused] };
}

async function exchangeUnderFaults(rig: Rig, config: KafkaRunConfig, random: Random, books: Books) {
  const { exchanges, concurrency } = config;
  const clients = rig.gateways.map(({ url }) => createLoadClient({ url, concurrency }, books));
  let striking = true;
  try {
    const isEnough = () => !striking && books.answered.size >= exchanges;
    const load = Promise.all(clients.map((client) => client.run(isEnough)));
    load.catch(() => {});
    await strikeAgainAndAgain(rig, config, random, books);
    striking = false;
    await load;
  } finally {
    striking = false;
    for (const client of clients) client.close();
  }
}

async function strikeAgainAndAgain(rig: Rig, config: KafkaRunConfig, random: Random, books: Books) {
  const { faults, progress, raisePartitionsTo } = config;
  const { topics, topic } = rig.cluster;
  for (let fault = 1; fault <= faults; fault += 1) {
    const what = await strike(rig, random);
    const counts = `${books.answered.size} answered, ${countUnanswered(books)} not`;
    progress(`fault ${fault}/${faults}: ${what}; ${counts}`);
    if (fault === Math.ceil(faults / 2) && raisePartitionsTo !== undefined) {
      await topics.addPartitions(topic, raisePartitionsTo);
      progress(`partitions raised to ${raisePartitionsTo}`);
    }
    await sleep(random.between(0, 1500));
    for (const words of await revive(rig)) progress(`one had ended by itself: ${words}`);
  }
}
