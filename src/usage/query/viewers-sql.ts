import type { Stretch, UsageQuery, ViewerCounting } from './query.ts';
import { bucketExpression } from './steps/bucket-sql.ts';

/** Aggregate functions that count distinct viewers, by their state and merge combinators. */
const functions: Record<ViewerCounting, { readonly state: string; readonly merge: string }> = {
  exact: { state: 'uniqExactState', merge: 'uniqExactMerge' },
  // 2^18 registers: a standard error of 0.2 %, so an error of 1 % is five times as large.
  approximate: { state: 'uniqCombined64State(18)', merge: 'uniqCombined64Merge(18)' },
};

/** Parts of the statement that the counts of sessions share with the counts of viewers. */
export interface ViewersSource {
  /** Expression for the groups of a row, as a pair of kind and key. */
  readonly group: string;
  /** Returns the conditions for the rows of a stretch. */
  readonly conditionsOf: (stretch: Stretch) => readonly string[];
  /** Statement for the groups that the response shows. Undefined: the response shows all groups. */
  readonly shownGroups: string | undefined;
  /** Kinds of groups: all sessions, and the sessions of the groups that the response does not show. */
  readonly kinds: { readonly all: number; readonly rest: number };
}

/** Returns the span whose viewers are counted: the range, or all time without a range. */
export function viewerSpan({ spans }: UsageQuery): number {
  const range = spans.findIndex(({ name }) => name === 'range');
  return range >= 0
    ? range
    : Math.max(
        spans.findIndex(({ name }) => name === 'total'),
        0,
      );
}

/**
 * Returns the span numbers of the rows that count viewers. They follow the numbers of the query's spans. Rows with
 * the number `buckets` count the viewers of one bucket. Rows with the number `whole` count the viewers of all
 * buckets, a viewer of several buckets once.
 */
export function viewerSpanNumbers({ spans }: UsageQuery) {
  return { buckets: spans.length, whole: spans.length + 1 };
}

/**
 * Returns the statement for distinct viewers, with the columns of `usageSource`. `n` is the number of viewers. The
 * statement reads single rows, because no projection contains viewers. The viewers of groups that the response does
 * not show are counted together: a viewer of several such groups counts once.
 */
export function viewersSource(query: UsageQuery, source: ViewersSource): string {
  const { state, merge } = functions[query.viewers ?? 'exact'];
  const { buckets, whole } = viewerSpanNumbers(query);
  const rows = (query.spans[viewerSpan(query)]?.stretches ?? []).map((stretch) => rowsOf(stretch, source));
  const states = `SELECT ${groupOf(source)} AS group, bucket, ${state}(viewer) AS viewers
    FROM (${rows.join('\nUNION ALL\n')}) GROUP BY group, bucket`;
  const counts = `SELECT group, ${merge}(viewers) AS n, groupArray((${buckets}, bucket, finalizeAggregation(viewers))) AS byBucket
    FROM (${states}) GROUP BY group`;
  return `SELECT count.1 AS span, group.1 AS kind, group.2 AS key, toInt64(count.2) AS bucket, count.3 AS n,
  toDateTime64(0, 3, 'UTC') AS last, count.3 AS uses
  FROM (SELECT group, arrayJoin(arrayConcat([(${whole}, toInt64(0), n)], byBucket)) AS count FROM (${counts}))`;
}

function rowsOf(stretch: Stretch, { group, conditionsOf }: ViewersSource): string {
  const bucket = bucketExpression({ buckets: stretch.buckets, grain: undefined });
  const conditions = conditionsOf(stretch);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return `SELECT ${group} AS group, toInt64(${bucket}) AS bucket, viewer FROM session_events${where}`;
}

function groupOf({ shownGroups, kinds }: ViewersSource): string {
  if (shownGroups === undefined) return 'group';
  return `if(group.1 = ${kinds.all} OR group IN (${shownGroups}), group, (toUInt8(${kinds.rest}), ''))`;
}
