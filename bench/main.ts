import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './support/bench.ts';
import { report } from './support/progress.ts';
import { round } from './support/statistics.ts';

/** Benches by name. Each is imported only when it runs, because its modules may be slow to load. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  freshness: async () => (await import('./freshness/freshness.ts')).freshness,
  gateway: async () => (await import('./gateway/gateway.ts')).gateway,
  generators: async () => (await import('./load/generators.ts')).generators,
  kafka: async () => (await import('./kafka/kafka.ts')).kafka,
  'kafka-freshness': async () => (await import('./kafka/kafka-freshness.ts')).kafkaFreshness,
  'kafka-takeover': async () => (await import('./kafka/kafka-takeover.ts')).kafkaTakeover,
  opening: async () => (await import('./opening/opening.ts')).opening,
  profile: async () => (await import('./profile/profile.ts')).profile,
  query: async () => (await import('./query/query.ts')).query,
  refusals: async () => (await import('./refusals/refusals.ts')).refusals,
  sink: async () => (await import('./sink/sink.ts')).sink,
  start: async () => (await import('./start/start.ts')).start,
};

/** Runs one bench, and prints its result as the last line on standard output. Resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (load === undefined) {
    process.stderr.write(
      `usage: npm run -s bench -- NAME [--rounds N] [--millions N,N] [--tags]\n\n${Object.keys(benches)
        .map((known) => `  ${known}\n`)
        .join('')}`,
    );
    return 2;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const bench = await load();
  const startedMs = performance.now();
  const loadBefore = round(loadavg()[0] ?? 0, 2);
  const { figures, ratios } = await bench(readOptions(rest));
  const machine = {
    revision: revision(),
    date: new Date().toISOString(),
    cores: availableParallelism(),
    node: process.version,
    loadBefore,
    seconds: Math.round((performance.now() - startedMs) / 1000),
  };
  report('done');
  process.stdout.write(`${JSON.stringify({ bench: name, figures: { ...figures, machine }, ratios })}\n`);
  return 0;
}

/** Returns the commit of the sources. A plus means that the sources have changes that are not committed. */
function revision(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'consumers') && '+');
}

function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string' }, millions: { type: 'string' }, tags: { type: 'boolean' } },
  });
  return {
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    millions: values.millions?.split(',').map(Number),
    tags: values.tags,
  };
}
