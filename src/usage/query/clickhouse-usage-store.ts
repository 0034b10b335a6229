import { describeStoreError, storeErrorCode, storeErrorCodes } from '../../platform/clickhouse/errors.ts';
import type { QueryPool } from '../../platform/clickhouse/pool.ts';
import { streamRows } from '../../platform/clickhouse/stream-rows.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { TimeWindow } from '../time/time-windows.ts';
import { notRetained } from './refusals.ts';
import { sessionPageSql, sessionsSql } from './session-query.ts';
import { type UsageSql, usageSql, usageStreamSql } from './sql.ts';
import { newestBucketsSql, type UsedKey, usedKeysSql } from './statements/dormant-sql.ts';
import { type ExplainedRow, explainedRead, explainSql } from './statements/explain-sql.ts';
import { type SecondCount, secondCountsSql } from './statements/live-sql.ts';
import { type TagCount, tagCountsSql } from './statements/tag-counts-sql.ts';
import { withCurrentMonths } from './steps/current-months.ts';
import { type MonthSources, noMonthSources } from './steps/month-source.ts';
import type { UsagePlan } from './steps/step.ts';
import {
  emptyGroup,
  groupOf,
  groupsOf,
  isAllRow,
  type SessionRow,
  sessionOf,
  type UsageRow,
} from './usage-rows.ts';
import type { UsageStore } from './usage-store.ts';

/**
 * Makes all reads in a statement use the same table parts. Otherwise a session could arrive between two reads, and
 * the numbers would not agree.
 */
export const oneSnapshot = 'enable_shared_storage_snapshot_in_query = 1';

/**
 * Creates the usage store on ClickHouse, which reads grains (stored aggregation levels) where possible.
 * @param months sources of the counts of whole UTC months: roll-ups and archives.
 * @param retainedFromMs see `UsageStore`.
 */
export function createClickHouseUsageStore(
  pool: QueryPool,
  months: MonthSources = noMonthSources,
  retainedFromMs: UsageStore['retainedFromMs'] = async () => 0,
): UsageStore {
  function openStream<T>({ sql, params }: UsageSql) {
    return streamRows<T>(pool.stream(sql, params, 'JSONEachRow', oneSnapshot));
  }

  function rowsOf<T>({ sql, params }: UsageSql): Promise<T[]> {
    return pool.rows<T>(sql, params, oneSnapshot);
  }

  /** Runs a query. `rewrite` makes a plan read months from the current month sources. */
  function current<T>(query: (rewrite: (plan: UsagePlan) => UsagePlan) => Promise<T>): Promise<T> {
    return orUnavailable(withCurrentMonths(months, query));
  }

  return {
    async read(plan: UsagePlan) {
      const rows = await current((rewrite) => rowsOf<UsageRow>(usageSql(rewrite(plan))));
      const all = rows.find(isAllRow);
      const groups = rows.filter((row) => !isAllRow(row)).map((row) => groupOf(row, plan.query));
      return {
        all: all === undefined ? emptyGroup(plan.query) : groupOf(all, plan.query),
        groups: groups.filter(({ isRest }) => !isRest),
        rest: groups.find(({ isRest }) => isRest),
      };
    },
    stream: (plan) =>
      current(async (rewrite) => {
        const batches = groupsOf(openStream<UsageRow>(usageStreamSql(rewrite(plan))), plan.query);
        const first = await batches.next();
        // The statement returns the group of all sessions first. Without sessions it does not return this group.
        const groups = first.done ? [] : [...first.value];
        const all = groups[0]?.isRest ? undefined : groups.shift();
        return { all: all ?? emptyGroup(plan.query), groups: eachOrUnavailable(withFirst(groups, batches)) };
      }),
    retainedFromMs: () => orUnavailable(retainedFromMs()),
    async sessions(query) {
      const { sql, params } = sessionPageSql(query);
      return (await orUnavailable(pool.rows<SessionRow>(sql, params))).map(sessionOf);
    },
    async *streamSessions(query) {
      for await (const rows of eachOrUnavailable(openStream<SessionRow>(sessionsSql(query))))
        yield rows.map(sessionOf);
    },
    async secondCounts(window) {
      const { sql, params } = secondCountsSql(window);
      const rows = await orUnavailable(pool.rows<SecondCount>(sql, params));
      return rows.map((row) => ({ ...row, second: Number(row.second), sessions: Number(row.sessions) }));
    },
    async tagCounts() {
      const rows = await orUnavailable(pool.rows<TagCount>(tagCountsSql.sql, tagCountsSql.params));
      return rows.map((row) => ({ ...row, tags: Number(row.tags) }));
    },
    async explain(plan, options) {
      if (options.isRaw) requireRetained(options.windows, await orUnavailable(retainedFromMs()));
      return current(async (rewrite) => {
        const executed = rewrite(plan);
        const query = usageSql(executed);
        const { rowsRead } = await pool.measuredRows(query.sql, query.params, oneSnapshot);
        const rows = await rowsOf<ExplainedRow>(explainSql(executed, options));
        return explainedRead(executed, rows, rowsRead);
      });
    },
    async usedKeys(query) {
      const rows = await current((rewrite) => rowsOf<UsedKey>(usedKeysSql(query, rewrite)));
      return rows.map((row) => ({
        ...row,
        total: Number(row.total),
        lastUsedMs: Number(row.lastUsedMs),
      }));
    },
    async newestBuckets(plan, keys, mostBuckets) {
      const rows = await current((rewrite) =>
        rowsOf<{ key: string; buckets: unknown[] }>(newestBucketsSql(rewrite(plan), keys, mostBuckets)),
      );
      return new Map(rows.map(({ key, buckets }) => [key, buckets.map(Number)]));
    },
  };
}

/** @throws AppError `not_retained` if a window begins before the instant from which single sessions are stored. */
function requireRetained(windows: readonly TimeWindow[], retainedFromMs: number): void {
  if (windows.some(({ startMs }) => startMs < retainedFromMs)) throw notRetained();
}

async function* withFirst<T>(first: T[], rest: AsyncGenerator<T[]>): AsyncGenerator<T[]> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/**
 * Awaits a query and translates its error.
 * @throws AppError `usage_unavailable`, `query_timeout`, `query_too_large`.
 */
export async function orUnavailable<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw unavailable(error);
  }
}

/**
 * Yields the items of a query and translates its error.
 * @throws AppError `usage_unavailable`, `query_timeout`, `query_too_large`.
 */
export async function* eachOrUnavailable<T>(query: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* query;
  } catch (error) {
    throw unavailable(error);
  }
}

/**
 * Returns the error for a failed query: one for the time limit, one for the memory limit, and one for any other
 * failure.
 */
function unavailable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const cause = new Error(describeStoreError(error));
  switch (storeErrorCode(error)) {
    case storeErrorCodes.timeoutExceeded:
    case storeErrorCodes.tooSlow:
      return new AppError(usageErrors.query_timeout, { retryAfterSeconds: 30, cause });
    case storeErrorCodes.memoryLimitExceeded:
      return new AppError(usageErrors.query_too_large, { cause });
    default:
      return new AppError(usageErrors.usage_unavailable, { retryAfterSeconds: 5, cause });
  }
}
