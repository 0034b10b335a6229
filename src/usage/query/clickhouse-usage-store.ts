import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import type { QueryPool } from '../../platform/clickhouse/pool.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import { newestBucketsSql, type UsedKey, usedKeysSql } from './dormant-sql.ts';
import { type ExplainedRow, explainedRead, explainSql } from './explain-sql.ts';
import type { UsagePlan } from './plan.ts';
import type { UsageQuery, UsageSpan } from './query.ts';
import { type StoredSession, sessionPageSql } from './session-query.ts';
import { groupKinds, usageSql } from './sql.ts';
import type { UsageGroup, UsageStore } from './usage-store.ts';

type Row = Readonly<Record<string, string | number>> & {
  readonly points?: readonly (readonly [span: number, bucket: string, sessions: string, uses: string])[];
};

type SessionRow = Omit<StoredSession, 'timeMs'> & { readonly timeMs: string };

/** All reads of a statement see the same parts, so that no session arrives between two of them. */
export const oneSnapshot = 'enable_shared_storage_snapshot_in_query = 1';

/** Returns the usage store that reads the grains of ClickHouse. */
export function createClickHouseUsageStore(pool: QueryPool): UsageStore {
  return {
    async read(plan: UsagePlan) {
      const { sql, params } = usageSql(plan);
      const rows = await orUnavailable(pool.rows<Row>(sql, params, oneSnapshot));
      const isAll = (row: Row) => Number(row['kind']) === groupKinds.all;
      const all = rows.find(isAll);
      return {
        all: all === undefined ? emptyGroup(plan.query) : groupOf(all, plan.query),
        groups: rows.filter((row) => !isAll(row)).map((row) => groupOf(row, plan.query)),
      };
    },
    async sessions(query) {
      const { sql, params } = sessionPageSql(query);
      const rows = await orUnavailable(pool.rows<SessionRow>(sql, params));
      return rows.map((row) => ({ ...row, timeMs: Number(row.timeMs) }));
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

/** Waits for a query. @throws AppError `usage_unavailable` when it fails. */
export async function orUnavailable<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw new AppError(usageErrors.usage_unavailable, {
      retryAfterSeconds: 5,
      detail: 'Try again in a moment.',
      cause: new Error(describeStoreError(error)),
    });
  }
}

function groupOf(row: Row, { spans }: UsageQuery): UsageGroup {
  const sessions = Object.fromEntries(spans.map(({ name }, span) => [name, Number(row[`n${span}`])]));
  const nameOf = (span: number): UsageSpan['name'] => spans[span]?.name ?? 'total';
  const lastUsedMs = Number(row['lastMs']);
  return {
    key: Number(row['kind']) === groupKinds.key ? String(row['key']) : null,
    sessions,
    lastUsedMs: lastUsedMs > 0 ? lastUsedMs : undefined,
    uses: Number(row['allUses']),
    points: (row.points ?? []).map(([span, bucket, n, uses]) => ({
      span: nameOf(span),
      bucket: Number(bucket),
      sessions: Number(n),
      uses: Number(uses),
    })),
  };
}

function emptyGroup({ spans }: UsageQuery): UsageGroup {
  return {
    key: null,
    sessions: Object.fromEntries(spans.map(({ name }) => [name, 0])),
    lastUsedMs: undefined,
    uses: 0,
    points: [],
  };
}
