import type { ClickHouseClient } from '../../platform/clickhouse/client.ts';
import { clickHouseTime } from '../../platform/clickhouse/literals.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import { monthOf } from '../query/steps/month-source.ts';
import {
  buildCountsQuery,
  daysByTagStatement,
  dropBuildStatement,
  quartersStatement,
  registerStatement,
  stateQuery,
  totalsStatements,
} from './build-statements.ts';
import { buildsByMonth, newestTotals, type RollUpState, rollUpState, type StateRow } from './roll-up-state.ts';
import type { RollUpBuild, RollUpName } from './roll-up-tables.ts';

export interface RollUpBuilderConfig {
  /** Time after the end of a UTC month from which the month is closed. */
  readonly closedAfterMs: number;
  /** Age from which a build that is not registered is abandoned, because its process has ended. */
  readonly abandonedAfterMs: number;
}

export interface RollUpBuilderDeps {
  /** Connection that only the builder uses, because a build takes seconds. */
  readonly client: ClickHouseClient;
  readonly clock: Clock;
  readonly failpoint: Failpoint<'roll-up.filled' | 'roll-up.registered'>;
  /** Reports a complete build and its duration. */
  readonly onBuilt?: (name: RollUpName, seconds: number) => void;
}

export interface RollUpProgress {
  /** Closed months with sessions. */
  readonly closed: number;
  /** Closed months without current roll-ups. */
  readonly stale: number;
}

export interface RollUpBuilder {
  /**
   * Builds the roll-ups of closed months that are missing or out of date, then the totals.
   * @param isSettled returns whether a month with this signature can be built. Default: all closed months.
   */
  build(isSettled?: (month: number, signature: string) => boolean): Promise<RollUpProgress>;
  /** Reads what is stored. */
  state(): Promise<RollUpState>;
  /** Ends the current `build` after its current roll-up. */
  stop(): void;
}

/**
 * Creates the builder of roll-ups. A build fills a new partition, compares its counts with the event table, and is then
 * registered. If the process ends in between, no query uses the partition, and a later `build` removes it. Several
 * builders can run at once: they fill different partitions, and the last one to register is used.
 */
export function createRollUpBuilder(config: RollUpBuilderConfig, deps: RollUpBuilderDeps): RollUpBuilder {
  const { client, clock, failpoint, onBuilt } = deps;
  let isStopping = false;
  let lastBuildMs = 0;

  const run = (query: string) => client.command({ query });
  async function rows<T>(query: string): Promise<T[]> {
    return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  }
  const state = async () => rollUpState(await rows<StateRow>(stateQuery));

  /** Returns an unused build number. It begins with the time, so that abandoned builds can be recognised. */
  function nextBuild(): string {
    lastBuildMs = Math.max(clock.nowMs(), lastBuildMs + 1);
    return `${lastBuildMs}${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}`;
  }

  /** Fills a new partition and registers it, unless its counts are wrong. */
  async function fill(target: Target, statements: readonly string[], build: string): Promise<boolean> {
    const startedMs = performance.now();
    for (const statement of statements) await run(statement);
    failpoint('roll-up.filled');
    const counted = await rows<CountedRow>(buildCountsQuery(target.name, build));
    const rowCount = checkedRows(counted, target);
    if (rowCount === undefined) {
      await run(dropBuildStatement(target.name, build));
      return false;
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const complete = { name: target.name, build, months: target.months, rows: rowCount };
    await run(registerStatement(complete, clickHouseTime(clock.nowMs()), seconds));
    failpoint('roll-up.registered');
    onBuilt?.(target.name, seconds);
    return true;
  }

  async function buildMonth(month: number, { signature, rows: sessions }: Month, current: RollUpState) {
    const months = new Map([[month, signature]]);
    if (!buildsByMonth(current, 'usage_quarters').has(month)) {
      const build = nextBuild();
      await fill({ name: 'usage_quarters', months, sessions }, [quartersStatement(month, build)], build);
    }
    if (!buildsByMonth(current, 'usage_days_by_tag').has(month)) {
      const build = nextBuild();
      const uses = await usesOf(month);
      if (uses === undefined) return;
      await fill({ name: 'usage_days_by_tag', months, uses }, [daysByTagStatement(month, build)], build);
    }
  }

  /** Returns the uses of a month from the roll-up by quarter hour, or undefined if it is not current. */
  async function usesOf(month: number): Promise<number | undefined> {
    const quarters = buildsByMonth(await state(), 'usage_quarters').get(month);
    if (quarters === undefined) return undefined;
    const [counted] = await rows<CountedRow>(buildCountsQuery('usage_quarters', quarters.build));
    return Number(counted?.uses ?? 0);
  }

  async function buildTotals(): Promise<void> {
    const current = await state();
    const quarters = buildsByMonth(current, 'usage_quarters');
    const days = buildsByMonth(current, 'usage_days_by_tag');
    const months = [...quarters.keys()].filter((month) => days.has(month)).sort((a, b) => a - b);
    const sameMonths = newestTotals(current)?.months.size === months.length;
    if (months.length === 0 || sameMonths) return;
    const own = (builds: ReadonlyMap<number, RollUpBuild>) => months.flatMap((month) => builds.get(month) ?? []);
    const build = nextBuild();
    const monthSignatures = new Map(months.map((month) => [month, current.months.get(month)?.signature ?? '']));
    const sessions = months.reduce((sum, month) => sum + (current.months.get(month)?.rows ?? 0), 0);
    const target = { name: 'usage_totals', months: monthSignatures, sessions } as const;
    await fill(target, totalsStatements(own(quarters), own(days), build), build);
  }

  /** Removes abandoned and replaced builds. A build in progress is younger than `abandonedAfterMs`. */
  async function removeUnused(): Promise<void> {
    const { unregistered, stale, current } = await state();
    const beforeMs = clock.nowMs() - config.abandonedAfterMs;
    const totals = newestTotals({ current });
    const isOldTotals = (one: RollUpBuild) =>
      one.name === 'usage_totals' && totals !== undefined && one.build !== totals.build;
    const unused = [...unregistered, ...[...stale, ...current].filter(isOldTotals)];
    for (const { name, build } of unused)
      if (buildMs(build) < beforeMs) await run(dropBuildStatement(name, build));
  }

  return {
    state,
    stop() {
      isStopping = true;
    },
    async build(isSettled = () => true) {
      const first = await state();
      const closed = closedMonths(first, clock.nowMs() - config.closedAfterMs);
      for (const [month, signed] of closed) {
        if (isStopping) break;
        if (isSettled(month, signed.signature)) await buildMonth(month, signed, first);
      }
      if (!isStopping) await buildTotals();
      if (!isStopping) await removeUnused();
      const last = await state();
      const quarters = buildsByMonth(last, 'usage_quarters');
      const days = buildsByMonth(last, 'usage_days_by_tag');
      const stale = closed.filter(([month]) => !quarters.has(month) || !days.has(month));
      return { closed: closed.length, stale: stale.length };
    },
  };
}

/** Returns the time at which a build started, in epoch milliseconds. */
const buildMs = (build: string) => Number(build.slice(0, -3));

interface Month {
  readonly signature: string;
  readonly rows: number;
}

/** What a build must contain. Undefined counts are not checked. */
interface Target {
  readonly name: RollUpName;
  readonly months: ReadonlyMap<number, string>;
  readonly sessions?: number;
  readonly uses?: number;
}

interface CountedRow {
  /** Dimension of the totals, or `all`. */
  readonly part: string;
  readonly rows: string;
  readonly sessions: string;
  readonly uses: string;
}

/** Returns the number of rows in a build, or undefined if its counts differ from those of the event table. */
function checkedRows(counted: readonly CountedRow[], { name, sessions, uses }: Target): number | undefined {
  const usesOfAll = uses ?? Number(counted.find(({ part }) => part === 'all')?.uses ?? 0);
  const isRight = counted.every((row) => {
    const isByTag = name === 'usage_days_by_tag' || row.part === 'tag';
    return isByTag ? Number(row.uses) === usesOfAll : Number(row.sessions) === sessions;
  });
  const expected = name === 'usage_totals' ? 3 : 1;
  if (!isRight || counted.length !== expected) return undefined;
  return counted.reduce((sum, row) => sum + Number(row.rows), 0);
}

/** Returns the months of the event table that ended before an instant, the latest first. */
function closedMonths({ months }: RollUpState, beforeMs: number): (readonly [number, Month])[] {
  const open = monthOf(beforeMs);
  return [...months].filter(([month]) => month < open).sort(([left], [right]) => right - left);
}
