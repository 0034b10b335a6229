import { type Audit, auditDataDirectory } from './audit.ts';
import { countUnanswered, createExchangeLog, type ExchangeLog } from './exchange-log.ts';
import { createInstance, type Instance, sleep, until, waitUntilStored } from './instance.ts';
import { createLoadClient } from './load-client.ts';
import { createRandom, type Random } from './random.ts';
import type { Template } from './template.ts';
import { askUsage, compareUsage } from './usage-answers.ts';
import { watchSummary } from './watcher.ts';

export interface KillRunConfig {
  readonly seed: number;
  /** The number of exchanges that must return 200. */
  readonly exchanges: number;
  readonly kills: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

export interface KillRunResult {
  /** The guarantees that were broken. The list is empty if no event was lost or counted twice and every count was exact. */
  readonly violations: readonly string[];
  readonly audit: Audit;
  /** The number of summary responses that were checked during the kills. */
  readonly watched: number;
  /** The number of usage responses that were compared with the rows. */
  readonly compared: number;
}

const stepTimeoutMs = 120_000;

/** Runs exchanges under load while the process is killed repeatedly, and then checks everything by id. */
export async function runKills(config: KillRunConfig, template: Template): Promise<KillRunResult> {
  const { seed, exchanges, concurrency, progress } = config;
  const instance = await createInstance(template.copy(`kills-${seed}`));
  const exchangeLog = createExchangeLog(template.tokens);
  const client = createLoadClient({ url: instance.url, concurrency }, exchangeLog);
  const random = createRandom(seed);
  let isKilling = true;
  try {
    await instance.start({ env: randomSettings(random) });
    const load = client.run(() => !isKilling && exchangeLog.answered.size >= exchanges);
    const watcher = watchSummary(instance.url, client);
    await killRepeatedly(config, random, instance, exchangeLog).finally(() => {
      isKilling = false;
    });
    await load;
    await waitUntilStored(instance);
    const watched = await watcher.finish();
    const answers = await askUsage(instance.url, template.tokens);
    await instance.stop();
    progress('everything is stored; checking every id');
    const audit = await auditDataDirectory(instance.dataDir, exchangeLog);
    const wrongAnswers = compareUsage(answers, audit.stored.rows, template.tokens);
    const refused =
      exchangeLog.refused.length === 0 ? [] : [`${exchangeLog.refused.length} exchanges were refused`];
    return {
      violations: [...audit.violations, ...watched.violations, ...wrongAnswers, ...refused],
      audit,
      watched: watched.answers,
      compared: answers.length,
    };
  } finally {
    isKilling = false;
    client.close();
    await instance.kill();
  }
}

async function killRepeatedly(
  { kills, exchanges, progress }: KillRunConfig,
  random: Random,
  instance: Instance,
  exchangeLog: ExchangeLog,
): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) {
    const isStarting = kill > 1 && random.chance(0.2);
    if (isStarting) {
      await sleep(random.between(0, 1200));
    } else {
      await instance.waitUntilLive();
      const target = random.integer(((kill - 1) * exchanges) / kills, (kill * exchanges) / kills);
      await until(
        `${target} answered`,
        () => exchangeLog.answered.size >= target,
        stepTimeoutMs,
        instance.output,
      );
      await sleep(random.between(0, 60));
    }
    await instance.kill();
    const { size } = exchangeLog.answered;
    progress(
      `kill ${kill}/${kills}${isStarting ? ' (while starting)' : ''}: ${size} answered, ${countUnanswered(exchangeLog)} not`,
    );
    // The last process runs with the default settings and stores the remaining events.
    await instance.spawn(kill === kills ? {} : { env: randomSettings(random) });
  }
  await instance.waitUntilLive();
}

/** Returns settings that vary the timing: the sink's linger time and batch size, and the journal's retention. */
function randomSettings(random: Random): Record<string, string> {
  return {
    SINK_LINGER: random.pick(['0ms', '10ms', '200ms']),
    SINK_MAX_ROWS: random.pick(['20', '300', '50000']),
    JOURNAL_KEEP: random.pick(['0ms', '1d']),
    GATEWAY_WORKERS: random.pick(['0', '2']),
  };
}
