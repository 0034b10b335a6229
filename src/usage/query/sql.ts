import type { Buckets, Stretch, UsageOrder, UsageQuery } from './query.ts';
import type { SnapshotGuard, UsagePlan } from './steps/step.ts';
import { filterConditions, rowConditions, stepSql, unfolding } from './steps/step-sql.ts';
import { viewerSpanNumbers, viewersSource } from './viewers-sql.ts';

/**
 * A statement, and the values that are bound to its parameters. The text of the statement contains numbers that
 * watmeter has computed, but no values from clients.
 */
export interface UsageSql {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Kinds of groups in a result: the group of all sessions, groups with a key, the group of sessions without tags, and
 * the group of all groups beyond the limit (`rest`), which counts only viewers. `guard` is the kind of the branches of
 * guards, which return no rows.
 */
export const groupKinds = { all: 0, key: 1, untagged: 2, rest: 3, guard: 4 } as const;

/**
 * Returns the SQL condition that selects the groups of a kind. The condition also allows the kind `guard`. Otherwise,
 * ClickHouse would not evaluate the branches of guards, because the statement would need none of their rows.
 */
export const ofKind = (kind: number) => `kind IN (${kind}, ${groupKinds.guard})`;

/** Error message of a statement with a guard that does not hold. */
export const staleMonths = 'a month has changed since the query was planned';

/**
 * Returns the statement for a plan. Its columns are `kind`, `key`, `n0` to `nN` (sessions by span), `lastMs`,
 * `allUses` and, if a span has buckets, `points` as `[span, bucket, sessions, uses]`. The first row is the group of
 * all sessions. Its `allUses` counts a session once for each of its tags. One statement reads everything, so all
 * numbers come from one snapshot.
 *
 * ClickHouse uses a projection only under two conditions. The inner SELECT of a step uses only columns of the step's
 * grain, and its GROUP BY contains the bucket. Tags are expanded outside of the inner SELECT, because ClickHouse
 * reads rows if arrayJoin is next to an aggregate.
 */
export function usageSql(plan: UsagePlan): UsageSql {
  const { query, steps } = plan;
  const params: Record<string, unknown> = {};
  const hasBuckets = steps.some(({ buckets }) => buckets.kind !== 'one');
  const read = [usageSource(plan, params), ...viewerBranches(plan, params)].join('\nUNION ALL\n');
  const columns = [
    ...countColumns(query),
    ...(hasBuckets ? ['groupArray((span, bucket, n, uses)) AS points'] : []),
  ];
  const source = hasBuckets ? bucketedSource(read) : read;
  return { sql: `SELECT ${columns.join(', ')}\nFROM (${source})${groupClauses(query, params)}`, params };
}

function countColumns(query: UsageQuery): string[] {
  const counts = query.spans.map((_, span) => `sumIf(n, span = ${span}) AS n${span}`);
  const viewers = `sumIf(n, span = ${viewerSpanNumbers(query).whole}) AS viewers`;
  return [
    ...['kind', 'key', ...counts, lastColumn(query), 'sumIf(uses, span = 0) AS allUses'],
    ...(query.viewers === undefined ? [] : [viewers]),
  ];
}

/** Returns the SELECT statements for distinct viewers, or an empty list if the query does not count viewers. */
function viewerBranches(plan: UsagePlan, params: Record<string, unknown>): string[] {
  const { query } = plan;
  if (query.viewers === undefined) return [];
  const conditions = filterConditions(query.filter, params);
  const shown = `SELECT kind, key FROM (SELECT ${countColumns({ ...query, viewers: undefined }).join(', ')}
FROM (${usageSource(plan, params)})${groupClauses({ ...query, viewers: undefined }, params)})`;
  const source = {
    group: unfolding[query.groupBy],
    conditionsOf: ({ window }: Stretch) =>
      window === undefined ? conditions : [...conditions, ...rowConditions(window)],
    shownGroups: hasRest(query) ? shown : undefined,
    kinds: groupKinds,
  };
  return [viewersSource(query, source), ...restBranch(query)];
}

/** Returns whether the statement returns a row for the groups beyond the limit. */
function hasRest({ groupBy, limit, viewers }: UsageQuery): boolean {
  return viewers !== undefined && limit !== undefined && groupBy !== 'none';
}

/**
 * Returns a SELECT with one row of the kind `rest` that counts 0 viewers. With this row, the result has a row for the
 * groups beyond the limit even if there are no such groups.
 */
function restBranch(query: UsageQuery): string[] {
  if (!hasRest(query)) return [];
  const { whole } = viewerSpanNumbers(query);
  return [
    `SELECT ${whole} AS span, ${groupKinds.rest} AS kind, '' AS key, toInt64(0) AS bucket, toUInt64(0) AS n, toDateTime64(0, 3, 'UTC') AS last, toUInt64(0) AS uses`,
  ];
}

function bucketedSource(read: string): string {
  return `SELECT span, kind, key, bucket, sum(n) AS n, max(last) AS last, sum(uses) AS uses
       FROM (${read}) GROUP BY span, kind, key, bucket`;
}

function groupClauses(query: UsageQuery, params: Record<string, unknown>): string {
  return `${keyConditions(query, params)}\nGROUP BY kind, key\nORDER BY ${groupOrder(query)}${limitClause(query)}`;
}

const groupOrder = (query: UsageQuery) =>
  `kind != ${groupKinds.all}, kind != ${groupKinds.rest}, ${orderExpression(query)}, key, kind`;

/**
 * Returns the statement that reads all steps of a plan. Its columns are `span`, `kind`, `key`, `bucket`, `n`, `last`
 * and `uses`. Adds the values of the filter to `params`.
 */
export function usageSource(
  { query, steps, guards = [] }: UsagePlan,
  params: Record<string, unknown>,
): string {
  const conditions = filterConditions(query.filter, params);
  const branches = steps.map((step) => stepSql(step, query, conditions));
  const read = branches.length === 0 ? [emptyBranch] : branches;
  return [...read, ...guards.map(guardBranch)].join('\nUNION ALL\n');
}

/** Approximate maximum number of points in one row of a streamed result, so that parsing a row takes little time. */
const pointsOfSlice = 4000;

/**
 * Returns the statement for streaming the result of a plan. Unlike {@link usageSql}, it splits the points of a group
 * into slices, which are in consecutive rows. Counts and points are read separately and joined. Both reads use the
 * same table parts, and ClickHouse never has all points of a group in one value.
 */
export function usageStreamSql(plan: UsagePlan): UsageSql {
  const { query, steps } = plan;
  if (steps.every(({ buckets }) => buckets.kind === 'one')) return usageSql(plan);
  const params: Record<string, unknown> = {};
  const counted = [usageSource(plan, params), ...restBranch(query)].join('\nUNION ALL\n');
  const read = [usageSource(plan, params), ...viewerBranches(plan, params)].join('\nUNION ALL\n');
  const counts = `SELECT ${countColumns(query).join(', ')}\nFROM (${counted})${groupClauses(query, params)}`;
  const points = `SELECT kind, key, intDiv(bucket, ${sliceWidth(query)}) AS slice, groupArray((span, bucket, n, uses)) AS points
FROM (${bucketedSource(read)}) GROUP BY kind, key, slice`;
  return {
    sql: `SELECT kind, key, ${query.spans.map((_, span) => `n${span}`).join(', ')}, lastMs, allUses, points FROM (${points}) AS slices INNER JOIN (${counts}) AS groups USING (kind, key)
ORDER BY ${groupOrder(query)}, slice`,
    params,
  };
}

/** Returns the width of a slice, in seconds or in bucket indexes, for the span whose buckets are the closest. */
function sliceWidth({ spans }: UsageQuery): number {
  const widths = spans.flatMap(({ stretches }) => stretches.map(({ buckets }) => widthOf(buckets)));
  return Math.max(1, Math.min(...widths));
}

function widthOf(buckets: Buckets): number {
  if (buckets.kind !== 'starts') return pointsOfSlice * (buckets.kind === 'quarterHours' ? 900 : 1);
  const { starts } = buckets;
  const seconds = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
  return Math.ceil(((seconds + 1) / starts.length) * pointsOfSlice);
}

const emptyBranch =
  "SELECT 0 AS span, 0 AS kind, '' AS key, 0 AS bucket, 0 AS n, toDateTime64(0, 3) AS last, 0 AS uses WHERE 0";

/**
 * Returns a SELECT that returns no rows, and fails if the guard does not hold. It is a branch of the statement, so
 * ClickHouse evaluates the guard on the table parts that the other branches read.
 */
function guardBranch({ holds, from }: SnapshotGuard): string {
  return `SELECT 0 AS span, ${groupKinds.guard} AS kind, '' AS key, toInt64(0) AS bucket, toUInt64(0) AS n, toDateTime64(0, 3, 'UTC') AS last, toUInt64(0) AS uses
  FROM (${from}) WHERE throwIf(NOT (${holds}), '${staleMonths}')`;
}

/**
 * Returns the column with the last use in the span `total`, or in the first span if the query has no span `total`.
 */
function lastColumn({ spans }: UsageQuery): string {
  const total = spans.findIndex(({ name }) => name === 'total');
  return `toUnixTimestamp64Milli(maxIf(last, span = ${Math.max(total, 0)})) AS lastMs`;
}

/** Returns the WHERE clause that selects groups. With WHERE instead of HAVING, ClickHouse groups only their rows. */
function keyConditions(query: UsageQuery, params: Record<string, unknown>): string {
  const conditions: string[] = [];
  if (query.keyPrefix !== undefined) {
    conditions.push('startsWith(lowerUTF8(key), lowerUTF8({prefix: String}))');
    params['prefix'] = query.keyPrefix;
  }
  if (query.afterKey !== undefined) {
    conditions.push('key > {afterKey: String}');
    params['afterKey'] = query.afterKey ?? '';
  }
  if (query.keys !== undefined) {
    conditions.push(`kind = ${groupKinds.key} AND key IN {keys: Array(String)}`);
    params['keys'] = query.keys;
  }
  if (conditions.length === 0) return '';
  return `\nWHERE kind IN (${groupKinds.all}, ${groupKinds.rest}, ${groupKinds.guard}) OR (${conditions.join(' AND ')})`;
}

function orderExpression({ order, spans }: UsageQuery): string {
  const direction = order.descending ? 'DESC' : 'ASC';
  const countOf = (name: UsageOrder['by']) => {
    const span = spans.findIndex((one) => one.name === name);
    if (span < 0) throw new Error(`no span is called ${name}`);
    return `n${span}`;
  };
  if (order.by === 'key') return `key ${direction}`;
  if (order.by === 'lastUsed') return `lastMs ${direction}`;
  if (order.by !== 'change') return `${countOf(order.by)} ${direction}`;
  return `toInt64(${countOf('range')}) - toInt64(${countOf('previous')}) ${direction}`;
}

function limitClause(query: UsageQuery): string {
  const { limit } = query;
  if (limit === undefined) return '';
  return `\nLIMIT ${limit + (hasRest(query) ? 2 : 1)}`;
}
