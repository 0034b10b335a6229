import { createServerStreams } from '../../src/platform/clickhouse/client.ts';
import { createQueryPool, type QueryPool } from '../../src/platform/clickhouse/pool.ts';
import { oneSnapshot } from '../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../src/usage/query/plan.ts';
import type { UsageQuery } from '../../src/usage/query/query.ts';
import { usageSql } from '../../src/usage/query/sql.ts';
import { withStore } from '../kafka/store.ts';
import type { Bench } from '../support/bench.ts';
import { report } from '../support/progress.ts';
import { percentile, round } from '../support/statistics.ts';
import { fillTable } from './dataset.ts';
import { questionsAt } from './questions.ts';

const defaultRounds = 15;
const defaultMillions = [1, 10];
const rawRounds = 3;
/** End of the session times. It is fixed, so that every run queries the same months. */
const endMs = Date.UTC(2026, 10, 30, 20, 0);
const days = 395;

/**
 * Measures usage queries on tables of several sizes. Each query is measured with the grains (stored aggregation
 * levels) and with single rows, and compared with `SELECT 1`. All statements use the same HTTP connection to an
 * engine in another process.
 */
export const query: Bench = async ({ rounds = defaultRounds, millions = defaultMillions }) => {
  const figures: Record<string, unknown> = {};
  const ratios: Record<string, number> = {};
  for (const size of millions)
    await withStore(async ({ client }) => {
      report(`storing ${size} million sessions`);
      const startedMs = performance.now();
      await fillTable(client, { sessions: size * 1_000_000, endMs, days });
      const storedMs = performance.now() - startedMs;
      const pool = createQueryPool([client], createServerStreams(client), { queryTimeoutMs: 600_000 });
      const floor = await measure(rounds, () => pool.rows('SELECT 1', {}));
      const answers: Record<string, unknown> = {};
      for (const [name, question] of Object.entries(questionsAt(endMs))) {
        report(`${size} million: ${name}`);
        const planned = await measure(rounds, () => ask(pool, question));
        const raw = await measure(rawRounds, () => ask(pool, question, ', optimize_use_projections = 0'));
        answers[name] = { ...planned, rowsRead: await rowsReadBy(pool, question), rawP50Ms: raw.p50Ms };
        ratios[`${name}${size}mVsRaw`] = round(planned.p50Ms / raw.p50Ms, 4);
      }
      figures[`${size}m`] = { storedSeconds: round(storedMs / 1000, 1), select1: floor, ...answers };
    });
  return { figures, ratios };
};

function ask(pool: QueryPool, question: UsageQuery, moreSettings = ''): Promise<unknown[]> {
  const { sql, params } = usageSql(planUsage(question));
  return pool.rows(sql, params, `${oneSnapshot}${moreSettings}`);
}

async function rowsReadBy(pool: QueryPool, question: UsageQuery): Promise<number> {
  const { sql, params } = usageSql(planUsage(question));
  return (await pool.measuredRows(sql, params, oneSnapshot)).rowsRead;
}

async function measure(rounds: number, work: () => Promise<unknown>) {
  await work();
  const durations: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const startedMs = performance.now();
    await work();
    durations.push(performance.now() - startedMs);
  }
  return { p50Ms: round(percentile(durations, 0.5), 1), p95Ms: round(percentile(durations, 0.95), 1) };
}
