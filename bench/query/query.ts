import { createServerStreams } from '../../src/platform/clickhouse/client.ts';
import { createQueryPool, type QueryPool } from '../../src/platform/clickhouse/pool.ts';
import { noFailpoints } from '../../src/platform/failpoints.ts';
import { createClickHouseUsageStore } from '../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../src/usage/query/plan.ts';
import type { UsageQuery } from '../../src/usage/query/query.ts';
import type { UsageStore } from '../../src/usage/query/usage-store.ts';
import { createRollUpBuilder } from '../../src/usage/rollups/roll-up-builder.ts';
import { createRollUpMonths } from '../../src/usage/rollups/roll-up-months.ts';
import { type Store, withStore } from '../kafka/store.ts';
import type { Bench } from '../support/bench.ts';
import { report } from '../support/progress.ts';
import { percentile, round } from '../support/statistics.ts';
import { type DatasetPlan, fillTable, mergeMonths } from './dataset.ts';
import { questionsAt, tagQuestionsAt } from './questions.ts';

const defaultRounds = 15;
const defaultMillions = [1];
/** Size of the table with a million distinct tags, in millions of sessions. */
const tagMillions = 10;
const rawRounds = 3;
/** End of the session times. It is fixed, so that every run queries the same months. */
const endMs = Date.UTC(2026, 10, 30, 20, 0);
const days = 3 * 365;
/** Time limit of a statement. A query on single rows takes less time. */
const timeoutMs = 600_000;

type Figures = Record<string, unknown>;

/**
 * Measures usage queries on tables of several sizes, with roll-ups and with projections only. On tables whose months are
 * all merged, it also measures the queries with single rows. `SELECT 1` is measured for comparison. All statements use
 * the same HTTP connection to an engine in another process. `--tags` adds a table with a million distinct tags, which is
 * not measured with single rows.
 */
export const query: Bench = async ({ rounds = defaultRounds, millions = defaultMillions, tags = false }) => {
  const figures: Figures = {};
  const ratios: Record<string, number> = {};
  for (const size of millions)
    await withStore(async (store) => {
      const stored = await fill(store, { sessions: size * 1_000_000, endMs, days, tags: 'few' });
      await mergeMonths(store.client, (month) => month % 3 !== 0);
      const questions = questionsAt(endMs);
      const part = { store, rounds, questions, name: `${size}m` };
      figures[`${size}mThirdUnmerged`] = {
        ...(await buildRollUps(store)),
        ...(await measureAll(part, {}, false)),
      };
      await mergeMonths(store.client, () => true);
      figures[`${size}m`] = { ...stored, ...(await measureAll(part, ratios, true)) };
    });
  if (tags)
    await withStore(async (store) => {
      const stored = await fill(store, { sessions: tagMillions * 1_000_000, endMs, days, tags: 'million' });
      await mergeMonths(store.client, () => true);
      const built = await buildRollUps(store);
      const part = { store, rounds, questions: tagQuestionsAt(endMs), name: 'MillionTags' };
      figures['millionTags'] = { ...stored, ...built, ...(await measureAll(part, ratios, false)) };
    });
  return { figures, ratios };
};

async function fill({ client }: Store, plan: DatasetPlan): Promise<Figures> {
  report(`storing ${plan.sessions / 1_000_000} million sessions`);
  const startedMs = performance.now();
  await fillTable(client, plan);
  return { storedSeconds: secondsSince(startedMs) };
}

async function buildRollUps({ client }: Store): Promise<Figures> {
  report('building roll-ups');
  const startedMs = performance.now();
  const builder = createRollUpBuilder(
    { closedAfterMs: 0, abandonedAfterMs: timeoutMs },
    { client, clock: { nowMs: () => endMs }, failpoint: noFailpoints },
  );
  const { closed, stale } = await builder.build();
  if (stale > 0) throw new Error(`${stale} of ${closed} months have no roll-ups`);
  return { rollUpMonths: closed, rollUpSeconds: secondsSince(startedMs) };
}

const secondsSince = (startedMs: number) => round((performance.now() - startedMs) / 1000, 1);

interface MeasuredPart {
  readonly store: Store;
  readonly rounds: number;
  readonly questions: Readonly<Record<string, UsageQuery>>;
  readonly name: string;
}

async function measureAll(
  { store, rounds, questions, name }: MeasuredPart,
  ratios: Record<string, number>,
  hasRows: boolean,
): Promise<Figures> {
  const { client } = store;
  const pool = createQueryPool([client], createServerStreams(client), { queryTimeoutMs: timeoutMs });
  const months = createRollUpMonths(
    { maxAgeMs: 5000, minRows: 0 },
    { pool, monotonicMs: () => performance.now() },
  );
  const fromRollUps = createClickHouseUsageStore(pool, months);
  const fromProjections = createClickHouseUsageStore(pool);
  const fromRows = createClickHouseUsageStore(withoutProjections(pool));
  const figures: Figures = { select1: await measure(rounds, () => pool.rows('SELECT 1', {})) };
  for (const [question, asked] of Object.entries(questions)) {
    report(`${name}: ${question}`);
    const read = (from: UsageStore) => () => from.read(planUsage(asked));
    const rollUps = await measure(rounds, read(fromRollUps));
    const projections = await measure(rawRounds, read(fromProjections));
    const rows = hasRows ? await measure(rawRounds, read(fromRows)) : undefined;
    figures[question] = {
      ...rollUps,
      projectionsP50Ms: projections.p50Ms,
      ...(rows && { rowsP50Ms: rows.p50Ms }),
    };
    if (rows) ratios[`${question}${name}VsRows`] = round(rollUps.p50Ms / rows.p50Ms, 4);
  }
  return { ...figures, residentMb: store.residentMb() };
}

function withoutProjections(pool: QueryPool): QueryPool {
  return {
    ...pool,
    rows: (sql, params, settings) => pool.rows(sql, params, `${settings}, optimize_use_projections = 0`),
  };
}

/** Measures a query. If the engine rejects the query, for example because of its memory use, the percentiles are NaN. */
async function measure(rounds: number, work: () => Promise<unknown>) {
  const durations: number[] = [];
  try {
    await work();
    for (let index = 0; index < rounds; index += 1) {
      const startedMs = performance.now();
      await work();
      durations.push(performance.now() - startedMs);
    }
  } catch (error) {
    return { p50Ms: Number.NaN, p95Ms: Number.NaN, error: String(error) };
  }
  return { p50Ms: round(percentile(durations, 0.5), 1), p95Ms: round(percentile(durations, 0.95), 1) };
}
