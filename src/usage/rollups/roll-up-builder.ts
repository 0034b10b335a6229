import { monthOf } from '../query/steps/month-source.ts';
import {
  daysByTagStatement,
  dropBuildStatement,
  quartersStatement,
  totalsStatements,
} from './build-statements.ts';
import { fillBuild, type RollUpBuilderDeps, readState, readUses } from './fill-build.ts';
import { buildsByMonth, newestTotals, type RollUpState } from './roll-up-state.ts';
import type { RollUpBuild } from './roll-up-tables.ts';

export interface RollUpBuilderConfig {
  /** A UTC month counts as closed this long after its end. */
  readonly closedAfterMs: number;
  /** A build that is not registered counts as abandoned at this age. It must exceed the duration of a build. */
  readonly abandonedAfterMs: number;
}

export interface RollUpProgress {
  /** Closed months with sessions. */
  readonly closed: number;
  /** Closed months without current roll-ups. Queries read them from the event table. */
  readonly stale: number;
}

export interface RollUpBuilder {
  /**
   * Builds the roll-ups of closed months that are missing or out of date, then the totals.
   * @param isSettled returns whether to build a month with this signature. Default: builds all closed months.
   */
  build(isSettled?: (month: number, signature: string) => boolean): Promise<RollUpProgress>;
  /** Reads the state of the roll-ups. */
  state(): Promise<RollUpState>;
  /** Stops the builder. A running `build` completes its current month or step, and later calls build nothing. */
  stop(): void;
}

interface Month {
  readonly signature: string;
  readonly rows: number;
}

/**
 * Creates the builder of roll-ups. It fills a new partition, compares the counts with the event table, and registers the
 * build. If the process exits before that, no query uses the partition, and a later `build` removes it. Several builders
 * can run at once, because they fill different partitions. Queries use the build that was registered last.
 */
export function createRollUpBuilder(config: RollUpBuilderConfig, deps: RollUpBuilderDeps): RollUpBuilder {
  const { client, clock } = deps;
  const nextBuild = createBuildNumbers(clock);
  let isStopping = false;
  return {
    state: () => readState(client),
    stop() {
      isStopping = true;
    },
    async build(isSettled = () => true) {
      const first = await readState(client);
      const closed = closedMonths(first, clock.nowMs() - config.closedAfterMs);
      for (const [month, signed] of closed)
        if (!isStopping && isSettled(month, signed.signature))
          await buildMonth(month, signed, first, nextBuild, deps);
      if (!isStopping) await buildTotals(nextBuild, deps);
      if (!isStopping) await removeUnused(clock.nowMs() - config.abandonedAfterMs, deps);
      const last = await readState(client);
      const quarters = buildsByMonth(last, 'usage_quarters');
      const days = buildsByMonth(last, 'usage_days_by_tag');
      const stale = closed.filter(([month]) => !quarters.has(month) || !days.has(month));
      return { closed: closed.length, stale: stale.length };
    },
  };
}

/** Creates a generator of unique build numbers. A number begins with the time, so that the age of a build is known. */
function createBuildNumbers(clock: RollUpBuilderDeps['clock']): () => string {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(clock.nowMs(), lastMs + 1);
    return `${lastMs}${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}`;
  };
}

/** Returns the time at which a build started, in epoch milliseconds. */
const buildMs = (build: string) => Number(build.slice(0, -3));

/** Returns the months of the event table that ended before an instant, latest first. */
function closedMonths({ months }: RollUpState, beforeMs: number): (readonly [number, Month])[] {
  const open = monthOf(beforeMs);
  return [...months].filter(([month]) => month < open).sort(([left], [right]) => right - left);
}

async function buildMonth(
  month: number,
  { signature, rows: sessions }: Month,
  current: RollUpState,
  nextBuild: () => string,
  deps: RollUpBuilderDeps,
): Promise<void> {
  const months = new Map([[month, signature]]);
  if (!buildsByMonth(current, 'usage_quarters').has(month)) {
    const build = nextBuild();
    await fillBuild(
      { name: 'usage_quarters', build, months, sessions },
      [quartersStatement(month, build)],
      deps,
    );
  }
  if (buildsByMonth(current, 'usage_days_by_tag').has(month)) return;
  const quarters = buildsByMonth(await readState(deps.client), 'usage_quarters').get(month);
  // A sink has stored a session in the meantime, or the build above failed its comparison. A later run builds the month.
  if (quarters?.months.get(month) !== signature) return;
  const build = nextBuild();
  const uses = await readUses(deps.client, 'usage_quarters', quarters.build);
  await fillBuild(
    { name: 'usage_days_by_tag', build, months, uses },
    [daysByTagStatement(month, build)],
    deps,
  );
}

/** Builds the totals of all months with current roll-ups, unless the current totals contain these months. */
async function buildTotals(nextBuild: () => string, deps: RollUpBuilderDeps): Promise<void> {
  const current = await readState(deps.client);
  const quarters = buildsByMonth(current, 'usage_quarters');
  const days = buildsByMonth(current, 'usage_days_by_tag');
  const covered = [...quarters.keys()].filter((month) => days.has(month)).sort((left, right) => left - right);
  if (covered.length === 0 || newestTotals(current)?.months.size === covered.length) return;
  const own = (builds: ReadonlyMap<number, RollUpBuild>) =>
    covered.flatMap((month) => builds.get(month) ?? []);
  const build = nextBuild();
  const months = new Map(covered.map((month) => [month, current.months.get(month)?.signature ?? '']));
  const sessions = covered.reduce((sum, month) => sum + (current.months.get(month)?.rows ?? 0), 0);
  const statements = totalsStatements(own(quarters), own(days), build);
  await fillBuild({ name: 'usage_totals', build, months, sessions }, statements, deps);
}

/**
 * Removes abandoned and replaced builds that started before an instant. Builds in progress must have started later.
 */
async function removeUnused(beforeMs: number, { client }: RollUpBuilderDeps): Promise<void> {
  const { unregistered, stale, current } = await readState(client);
  const totals = newestTotals({ current });
  const isOldTotals = (one: RollUpBuild) =>
    one.name === 'usage_totals' && totals !== undefined && one.build !== totals.build;
  for (const { name, build } of [...unregistered, ...[...stale, ...current].filter(isOldTotals)])
    if (buildMs(build) < beforeMs) await client.command({ query: dropBuildStatement(name, build) });
}
