import { type Audit, auditDataDirectory } from './audit.ts';
import { type Books, countUnanswered, createBooks } from './books.ts';
import { createInstance, type Instance, sleep, until, waitUntilStored } from './instance.ts';
import { createLoadClient } from './load-client.ts';
import { createRandom, type Random } from './random.ts';
import type { Template } from './template.ts';
import { askUsage, compareUsage } from './usage-answers.ts';
import { watchSummary } from './watcher.ts';

export interface KillRunConfig {
  readonly seed: number;
  /** Exchanges that must be answered 200, kills or no kills. */
  readonly exchanges: number;
  readonly kills: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

export interface KillRunResult {
  /** Empty when nothing was lost, nothing counted twice, and every number was exact. */
  readonly complaints: readonly string[];
  readonly audit: Audit;
  /** Answers of the summary that were checked while the kills went on. */
  readonly watched: number;
  /** Answers of the usage API that were compared with the rows. */
  readonly compared: number;
}

const stepTimeoutMs = 120_000;

/** Exchanges under load while the process is killed again and again; then everything is checked by id. */
export async function runKills(config: KillRunConfig, template: Template): Promise<KillRunResult> {
  const { seed, exchanges, concurrency, progress } = config;
  const instance = await createInstance(template.copy(`kills-${seed}`));
  const books = createBooks(template.tickets);
  const client = createLoadClient({ url: instance.url, concurrency }, books);
  const random = createRandom(seed);
  let killing = true;
  try {
    await instance.start({ env: randomSettings(random) });
    const load = client.run(() => !killing && books.answered.size >= exchanges);
    const watcher = watchSummary(instance.url, client);
    await killAgainAndAgain(config, random, instance, books).finally(() => {
      killing = false;
    });
    await load;
    await waitUntilStored(instance);
    const watched = await watcher.finish();
    const answers = await askUsage(instance.url, template.tickets);
    await instance.stop();
    progress('everything is stored; checking every id');
    const audit = await auditDataDirectory(instance.dataDir, books);
    const wrong = compareUsage(answers, audit.stored.rows, template.tickets);
    const refused = books.refused.length === 0 ? [] : [`${books.refused.length} exchanges were refused`];
    return {
      complaints: [...audit.complaints, ...watched.complaints, ...wrong, ...refused],
      audit,
      watched: watched.answers,
      compared: answers.length,
    };
  } finally {
    killing = false;
    client.close();
    await instance.kill();
  }
}

async function killAgainAndAgain(
  { kills, exchanges, progress }: KillRunConfig,
  random: Random,
  instance: Instance,
  books: Books,
): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) {
    const whileStarting = kill > 1 && random.chance(0.2);
    if (whileStarting) {
      await sleep(random.between(0, 1200));
    } else {
      await instance.waitUntilLive();
      const target = random.integer(((kill - 1) * exchanges) / kills, (kill * exchanges) / kills);
      await until(`${target} answered`, () => books.answered.size >= target, stepTimeoutMs, instance.output);
      await sleep(random.between(0, 60));
    }
    await instance.kill();
    const { size } = books.answered;
    progress(
      `kill ${kill}/${kills}${whileStarting ? ' (while starting)' : ''}: ${size} answered, ${countUnanswered(books)} not`,
    );
    // The last life stores what is left, with the default settings.
    await instance.spawn(kill === kills ? {} : { env: randomSettings(random) });
  }
  await instance.waitUntilLive();
}

/** Settings that move the windows: how long the sink waits, how much it takes, what the journal keeps. */
function randomSettings(random: Random): Record<string, string> {
  return {
    SINK_LINGER: random.pick(['0ms', '10ms', '200ms']),
    SINK_MAX_ROWS: random.pick(['20', '300', '50000']),
    JOURNAL_KEEP: random.pick(['0ms', '1d']),
    GATEWAY_WORKERS: random.pick(['0', '2']),
  };
}
