import { describeStoreError, storeErrorCode, storeErrorCodes } from '../../platform/clickhouse/errors.ts';
import type { QueryPool } from '../../platform/clickhouse/pool.ts';
import { streamRows } from '../../platform/clickhouse/stream-rows.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { UsagePlan } from './plan.ts';
import { sessionPageSql, sessionsSql } from './session-query.ts';
import { usageSql, usageStreamSql } from './sql.ts';
import { newestBucketsSql, type UsedKey, usedKeysSql } from './statements/dormant-sql.ts';
import { type ExplainedRow, explainedRead, explainSql } from './statements/explain-sql.ts';
import { type SecondCount, secondCountsSql } from './statements/live-sql.ts';
import { type TagCount, tagCountsSql } from './statements/tag-counts-sql.ts';
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

/** Creates the usage store on ClickHouse, which reads grains (stored aggregation levels) where possible. */
export function createClickHouseUsageStore(pool: QueryPool): UsageStore {
  function openStream<T>({ sql, params }: { sql: string; params: Readonly<Record<string, unknown>> }) {
    return eachOrUnavailable(streamRows<T>(pool.stream(sql, params, 'JSONEachRow', oneSnapshot)));
  }

  return {
    async read(plan: UsagePlan) {
      const { sql, params } = usageSql(plan);
      const rows = await orUnavailable(pool.rows<UsageRow>(sql, params, oneSnapshot));
      const all = rows.find(isAllRow);
      const groups = rows.filter((row) => !isAllRow(row)).map((row) => groupOf(row, plan.query));
      return {
        all: all === undefined ? emptyGroup(plan.query) : groupOf(all, plan.query),
        groups: groups.filter(({ isRest }) => !isRest),
        rest: groups.find(({ isRest }) => isRest),
      };
    },
    async stream(plan) {
      const batches = groupsOf(openStream<UsageRow>(usageStreamSql(plan)), plan.query);
      const first = await batches.next();
      // The statement returns the group of all sessions first. Without sessions it does not return this group.
      const groups = first.done ? [] : [...first.value];
      const all = groups[0]?.isRest ? undefined : groups.shift();
      return { all: all ?? emptyGroup(plan.query), groups: withFirst(groups, batches) };
    },
    async sessions(query) {
      const { sql, params } = sessionPageSql(query);
      return (await orUnavailable(pool.rows<SessionRow>(sql, params))).map(sessionOf);
    },
    async *streamSessions(query) {
      for await (const rows of openStream<SessionRow>(sessionsSql(query))) yield rows.map(sessionOf);
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
      const query = usageSql(plan);
      const { rowsRead } = await orUnavailable(pool.measuredRows(query.sql, query.params, oneSnapshot));
      const { sql, params } = explainSql(plan, options);
      const rows = await orUnavailable(pool.rows<ExplainedRow>(sql, params, oneSnapshot));
      return explainedRead(rows, rowsRead);
    },
    async usedKeys(query) {
      const { sql, params } = usedKeysSql(query);
      const rows = await orUnavailable(pool.rows<UsedKey>(sql, params, oneSnapshot));
      return rows.map((row) => ({
        ...row,
        total: Number(row.total),
        lastUsedMs: Number(row.lastUsedMs),
      }));
    },
    async newestBuckets(plan, keys, mostBuckets) {
      const { sql, params } = newestBucketsSql(plan, keys, mostBuckets);
      const rows = await orUnavailable(pool.rows<{ key: string; buckets: unknown[] }>(sql, params));
      return new Map(rows.map(({ key, buckets }) => [key, buckets.map(Number)]));
    },
  };
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
