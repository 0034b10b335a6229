import type { UsageFilter, UsageWindow } from './usage-store.ts';

/**
 * The queries of the usage API. Each is written in the terms of one projection of session_events, which it names:
 * a test asks ClickHouse whether it is the one that answers. Counts by time and totals are two queries, since a
 * conditional count would fall back to the rows (docs/explanation/clickhouse.md).
 */

export interface UsageQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The projection that answers it. */
  readonly projection: string;
}

export type Grouping = 'none' | 'configuration' | 'tag';

/** Sessions of all time: `key`, `n`, `lastMs`. */
export function totalsQuery(filter: UsageFilter, grouping: Grouping): UsageQuery {
  const byTags = needsTags(filter, grouping);
  return build(filter, grouping, {
    projection: byTags ? 'totals_by_tags' : 'totals_by_configuration',
    dimensions: dimensionsOf(byTags),
    time: '',
    params: {},
  });
}

/** Sessions in a window of whole quarters of an hour: `key`, `n`, `lastMs`. */
export function windowQuery(filter: UsageFilter, grouping: Grouping, window: UsageWindow): UsageQuery {
  const byTags = needsTags(filter, grouping);
  return build(filter, grouping, {
    projection: byTags ? 'quarters_by_tags' : 'quarters_by_configuration',
    dimensions: dimensionsOf(byTags),
    time: 'quarter >= {start: DateTime} AND quarter < {end: DateTime}',
    params: { start: window.startMs / 1000, end: window.endMs / 1000 },
  });
}

function needsTags(filter: UsageFilter, grouping: Grouping): boolean {
  return grouping === 'tag' || filter.tags.length > 0 || filter.untagged;
}

function dimensionsOf(byTags: boolean): string {
  return byTags ? 'configuration_id, tags' : 'configuration_id';
}

interface Plan {
  readonly projection: string;
  readonly dimensions: string;
  readonly time: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Inside, the projection's own terms; unfolding of tags only outside, since arrayJoin beside an aggregate falls
 * back to the rows. Tags are asked of the grouped sets, so filters by several tags are exact.
 */
function build(filter: UsageFilter, grouping: Grouping, plan: Plan): UsageQuery {
  const { conditions, params } = conditionsOf(filter);
  const where = [...conditions, plan.time].filter((condition) => condition !== '');
  const inner =
    `SELECT ${plan.dimensions}, count() AS n, max(time) AS last FROM session_events` +
    `${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''} GROUP BY ${plan.dimensions}`;
  const keys: Record<Grouping, string> = {
    none: "''",
    configuration: 'configuration_id',
    tag: "arrayJoin(empty(tags) ? [CAST(NULL, 'Nullable(String)')] : CAST(tags, 'Array(Nullable(String))'))",
  };
  return {
    sql:
      `SELECT ${keys[grouping]} AS key, sum(n) AS n, toUnixTimestamp64Milli(max(last)) AS lastMs ` +
      `FROM (${inner}) GROUP BY key`,
    params: { ...params, ...plan.params },
    projection: plan.projection,
  };
}

function conditionsOf(filter: UsageFilter): { conditions: string[]; params: Record<string, unknown> } {
  const conditions: string[] = [];
  const params: Record<string, unknown> = {};
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
  return { conditions, params };
}
