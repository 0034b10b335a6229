import { type Audit, audit } from '../audit.ts';
import { type Books, countUnanswered, createBooks } from '../books.ts';
import { sleep, until } from '../instance.ts';
import { createLoadClient } from '../load-client.ts';
import { createRandom } from '../random.ts';
import { randomSettings, revive, strike } from './faults.ts';
import { createRig, type Rig, type RigOptions } from './rig.ts';

export interface KafkaRunConfig extends RigOptions {
  readonly seed: number;
  /** Exchanges that must be answered 200, faults or no faults. */
  readonly exchanges: number;
  readonly faults: number;
  /** For each gateway. */
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

export interface KafkaRunResult {
  /** Empty when nothing was lost and nothing stored twice. */
  readonly complaints: readonly string[];
  readonly audit: Audit;
}

const settleTimeoutMs = 240_000;

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
  const { seed, exchanges, concurrency, progress } = config;
  const random = createRandom(seed);
  const books = createBooks(rig.tickets);
  const instances = [...rig.gateways, ...rig.consumers];
  await Promise.all(instances.map((instance) => instance.start({ env: randomSettings(random) })));
  const clients = rig.gateways.map(({ url }) => createLoadClient({ url, concurrency }, books));
  let striking = true;
  try {
    const isEnough = () => !striking && books.answered.size >= exchanges;
    const load = Promise.all(clients.map((client) => client.run(isEnough)));
    load.catch(() => {});
    for (let fault = 1; fault <= config.faults; fault += 1) {
      const what = await strike(rig, random);
      progress(
        `fault ${fault}/${config.faults}: ${what}; ${books.answered.size} answered, ${countUnanswered(books)} not`,
      );
      await sleep(random.between(0, 1500));
      for (const words of await revive(rig)) progress(`one had ended by itself: ${words}`);
    }
    striking = false;
    await load;
  } finally {
    striking = false;
    for (const client of clients) client.close();
  }
  await settle(rig, books, progress);
  await Promise.all(instances.map((instance) => instance.waitUntilLive()));
  await Promise.all(instances.map((instance) => instance.stop()));
  await rig.cluster.clickHouse.stop();
  progress('everything is stored; checking every id');
  const journalDirs = rig.gateways.map(({ dataDir }) => dataDir);
  const result = await audit({ clickHouseDir: rig.clickHouseDir, journalDirs }, books);
  const refused = books.refused.length === 0 ? [] : [`${books.refused.length} exchanges were refused`];
  return { audit: result, complaints: [...result.complaints, ...refused] };
}

/** Everything runs, the journals are sent and the group has stored all that is in the topic. */
async function settle(rig: Rig, books: Books, progress: (line: string) => void): Promise<void> {
  await rig.cluster.clickHouse.clearFaults();
  const isSettled = async () => {
    await sleep(500);
    await revive(rig);
    const waiting = await Promise.all(rig.gateways.map(({ url }) => pendingEvents(url)));
    return waiting.every((events) => events === 0) && (await lag(rig)) === 0;
  };
  progress(`${books.answered.size} answered; waiting until all is stored`);
  const outputs = () => rig.consumers.map((consumer) => consumer.output().slice(-3000)).join('\n');
  await until('everything is stored', () => isSettled().catch(() => false), settleTimeoutMs, outputs);
}

async function pendingEvents(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^watmeter_journal_pending_events (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

async function lag({ cluster: { topics, topic, group } }: Rig): Promise<number> {
  const [bounds, committed] = await Promise.all([topics.bounds(topic), topics.committed(group, topic)]);
  return bounds.reduce(
    (sum, { high }, index) => sum + Number(high) - Math.max(0, Number(committed[index])),
    0,
  );
}
