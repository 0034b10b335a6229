import type { TimeWindow } from '../../time/time-windows.ts';
import { utcMonths } from '../../time/utc-units.ts';
import type { GroupBy, UsageFilter, UsageQuery } from '../query.ts';
import { bucketExpression } from './bucket-sql.ts';
import type { PlanStep, StepShape, StepTable } from './step.ts';

/** Maximum number of months in a condition. If windows have more months, the statement has no condition on months. */
const mostMonths = 600;

/** Table that contains one row for each session. */
const eventTable = 'session_events';

/**
 * Returns the SELECT for one step. Its columns are `span`, `kind`, `key`, `bucket`, `n`, `last` and `uses`.
 * @param filterParts conditions of the query's filter, for the columns of the event table.
 */
export function stepSql(step: PlanStep, query: UsageQuery, filterParts: readonly string[]): string {
  const { table } = step;
  const conditions = [
    ...(table?.filter ?? filterParts),
    ...(table?.conditions ?? []),
    ...timeConditions(step),
  ];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return table?.shape === undefined
    ? groupedSql(step, query, where)
    : ungroupedSql(step, { ...table, shape: table.shape }, where);
}

/** Returns the SELECT for a table with the keys of the event table. ClickHouse can use a projection for its inner SELECT. */
function groupedSql(step: PlanStep, query: UsageQuery, where: string): string {
  const { table } = step;
  const keys = innerKeys(query);
  const bucket = bucketExpression(step);
  const counts = `${table?.sessions ?? 'count()'} AS n, ${table?.lastUsed ?? 'max(time)'} AS last`;
  const inner =
    `SELECT ${keys}, ${bucket} AS bucket, ${counts} FROM ${table?.name ?? eventTable}` +
    `${where} GROUP BY ${keys}${bucket === '0' ? '' : ', bucket'}`;
  const uses = query.groupBy === 'tag' ? 'n * greatest(length(tags), 1)' : 'n';
  return `SELECT ${step.span} AS span, group.1 AS kind, group.2 AS key, toInt64(bucket) AS bucket, n, last, uses
  FROM (SELECT ${unfolding[query.groupBy]} AS group, bucket, n, last, ${uses} AS uses FROM (${inner}))`;
}

/**
 * Returns the SELECT for a table that has other keys than the event table. The SELECT does not group rows, because the
 * caller does. The table has the alias `own`. Without it, ClickHouse would use the aliases `kind` and `key` in place of
 * columns with these names.
 */
function ungroupedSql(
  step: PlanStep,
  { name, sessions, lastUsed, shape }: StepTable & { readonly shape: StepShape },
  where: string,
): string {
  const group = shape.group === undefined ? '' : `WITH ${shape.group} AS group `;
  return `${group}SELECT ${step.span} AS span, ${shape.kind} AS kind, ${shape.key} AS key,
  toInt64(${bucketExpression(step)}) AS bucket, ${sessions} AS n, ${lastUsed} AS last, ${shape.uses} AS uses
  FROM ${name} AS own${where}`;
}

/**
 * Returns the columns by which a step groups. With a filter by tags, they include `tags`. Otherwise ClickHouse would
 * read the size of the array from a subcolumn that no projection has, and therefore read rows.
 */
function innerKeys({ groupBy, filter }: UsageQuery): string {
  const column = {
    none: filter.configurationIds.length > 0 ? 'configuration_id' : 'organisation_id',
    configuration: 'configuration_id',
    organisation: 'organisation_id',
    tag: 'tags',
  };
  const isByTags = groupBy !== 'tag' && (filter.tags.length > 0 || filter.untagged);
  return isByTags ? `${column[groupBy]}, tags` : column[groupBy];
}

const keyOf = (column: string) => `arrayJoin([(0, ''), (1, toString(${column}))])`;

/** Expressions for the groups that a row of the event table belongs to. Each group is a tuple of kind and key. */
export const unfolding: Readonly<Record<GroupBy, string>> = {
  none: "(0, '')",
  configuration: keyOf('configuration_id'),
  organisation: keyOf('organisation_id'),
  tag: "arrayJoin(arrayConcat([(0, '')], if(empty(tags), [(2, '')], arrayMap(t -> (1, toString(t)), tags))))",
};

/** Returns the SQL conditions of a filter, and adds its values to `params`. */
export function filterConditions(filter: UsageFilter, params: Record<string, unknown>): string[] {
  const conditions: string[] = [];
  if (filter.organisationId !== undefined) {
    conditions.push('organisation_id = {organisation: String}');
    params['organisation'] = filter.organisationId;
  }
  if (filter.configurationIds.length > 0) {
    conditions.push('configuration_id IN {configurations: Array(String)}');
    params['configurations'] = filter.configurationIds;
  }
  if (filter.tags.length > 0) {
    conditions.push(`${filter.match === 'all' ? 'hasAll' : 'hasAny'}(tags, {tags: Array(String)})`);
    params['tags'] = filter.tags;
  }
  if (filter.untagged) conditions.push('empty(tags)');
  return conditions;
}

/** Returns the condition that limits a read to the table parts of the windows' months. */
export function partitionCondition(windows: readonly TimeWindow[]): string[] {
  const months = [...new Set(windows.flatMap(utcMonths))];
  if (months.length > mostMonths) return [];
  return [`_partition_id IN (${monthList(months)})`];
}

const monthList = (months: readonly number[]) => months.map((month) => `'${month}'`).join(', ');

/** Returns the conditions for single rows in a window. */
export function rowConditions(window: TimeWindow): string[] {
  if (window.startMs >= window.endMs) return ['0'];
  return [...partitionCondition([window]), windowCondition(window)];
}

function timeConditions({ grain, windows, table, exceptMonths = [] }: PlanStep): string[] {
  if (windows === undefined)
    return exceptMonths.length === 0 ? [] : [`_partition_id NOT IN (${monthList(exceptMonths)})`];
  const pruning = table?.isByMonth === false ? [] : partitionCondition(windows);
  if (grain?.time === 'month') return pruning;
  const within = windows.map(({ startMs, endMs }) => {
    if (grain?.time === 'day') return between('day', dayLiteral(startMs), dayLiteral(endMs));
    if (grain?.time === 'quarter') return between('quarter', quarterLiteral(startMs), quarterLiteral(endMs));
    return windowCondition({ startMs, endMs });
  });
  return [...pruning, within.length === 1 ? (within[0] ?? '1') : `(${within.join(' OR ')})`];
}

const between = (column: string, low: string, high: string) => `${column} >= ${low} AND ${column} < ${high}`;
const dayLiteral = (ms: number) => `toDate(${ms / 86_400_000})`;
const quarterLiteral = (ms: number) => `toDateTime(${ms / 1000}, 'UTC')`;

/**
 * Returns the condition for rows whose time is in a window.
 * @param column column with the time.
 */
export function windowCondition({ startMs, endMs }: TimeWindow, column = 'time'): string {
  return between(column, timeLiteral(startMs), timeLiteral(endMs));
}

const timeLiteral = (ms: number) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
