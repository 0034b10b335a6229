import type { ClickHouseClient } from '../../platform/clickhouse/client.ts';
import { clickHouseTime } from '../../platform/clickhouse/literals.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { RollUpFailpoint } from '../declarations/failpoints.ts';
import { buildCountsQuery, dropBuildStatement, registerStatement, stateQuery } from './build-statements.ts';
import { type RollUpState, rollUpState, type StateRow } from './roll-up-state.ts';
import type { RollUpName } from './roll-up-tables.ts';

export interface RollUpBuilderDeps {
  /** Connection for builds. Queries must not wait for it, because a build takes seconds. */
  readonly client: ClickHouseClient;
  readonly clock: Clock;
  readonly failpoint: Failpoint<RollUpFailpoint>;
  /** Reports a complete build and its duration. */
  readonly onBuilt?: (name: RollUpName, seconds: number) => void;
}

/** A build, and the counts that it must contain: `uses` for the roll-up by day and tag, `sessions` for the others. */
export interface BuildTarget {
  readonly name: RollUpName;
  readonly build: string;
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

export async function readRows<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}

/** Reads the state of the roll-ups and the signatures of the months in the event table. */
export async function readState(client: ClickHouseClient): Promise<RollUpState> {
  return rollUpState(await readRows<StateRow>(client, stateQuery));
}

/** Returns the number of uses in a build: a session counts once for each of its tags, and once if it has no tag. */
export async function readUses(client: ClickHouseClient, name: RollUpName, build: string): Promise<number> {
  const [counted] = await readRows<CountedRow>(client, buildCountsQuery(name, build));
  return Number(counted?.uses ?? 0);
}

/**
 * Fills a new partition, and compares its counts with the expected counts. Registers the build if they are equal, and
 * removes the build otherwise.
 */
export async function fillBuild(
  target: BuildTarget,
  statements: readonly string[],
  { client, clock, failpoint, onBuilt }: RollUpBuilderDeps,
): Promise<void> {
  const startedMs = performance.now();
  const { name, build, months } = target;
  for (const query of statements) await client.command({ query });
  failpoint('roll-up.filled');
  const rows = checkedRows(await readRows<CountedRow>(client, buildCountsQuery(name, build)), target);
  if (rows === undefined) {
    await client.command({ query: dropBuildStatement(name, build) });
    return;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const builtAt = clickHouseTime(clock.nowMs());
  await client.command({ query: registerStatement({ name, build, months, rows }, builtAt, seconds) });
  failpoint('roll-up.registered');
  onBuilt?.(name, seconds);
}

/** Returns the number of rows in a build, or undefined if its counts differ from the expected counts. */
function checkedRows(
  counted: readonly CountedRow[],
  { name, sessions, uses }: BuildTarget,
): number | undefined {
  const usesOfAll = uses ?? Number(counted.find(({ part }) => part === 'all')?.uses ?? 0);
  const isRight = counted.every((row) => {
    const isByTag = name === 'usage_days_by_tag' || row.part === 'tag';
    return isByTag ? Number(row.uses) === usesOfAll : Number(row.sessions) === sessions;
  });
  const expectedParts = name === 'usage_totals' ? 3 : 1;
  if (!isRight || counted.length !== expectedParts) return undefined;
  return counted.reduce((sum, row) => sum + Number(row.rows), 0);
}
