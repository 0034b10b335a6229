/** Time resolution of a grain, in UTC. The table partition adds the month to every grain. */
export type GrainTime = 'month' | 'day' | 'quarter';

/** How detailed the key of a usage grain is. The detail `tags` includes the configuration. */
export type GrainDetail = 'organisation' | 'configuration' | 'tags';

/**
 * A stored aggregation level of `session_events`. It is an aggregate projection: each table part contains the
 * aggregates of its rows.
 */
export interface Grain {
  /** Name of the projection. */
  readonly name: string;
  /** Columns by which the projection groups. */
  readonly keys: readonly string[];
  /** Aggregates of each group, besides `count()`. */
  readonly measures: readonly string[];
  /** Undefined for a grain that is not used for usage counts. */
  readonly time: GrainTime | undefined;
}

const detailKeys: Readonly<Record<GrainDetail, readonly string[]>> = {
  organisation: ['organisation_id'],
  configuration: ['organisation_id', 'configuration_id'],
  tags: ['organisation_id', 'configuration_id', 'tags'],
};

function usageGrain(name: string, time: GrainTime, ...keys: readonly string[]): Grain {
  return { name, keys, measures: ['max(time)'], time };
}

/**
 * All projections of `session_events`. The query planner and the integrity check use this list, and a test
 * compares it with sql/clickhouse.
 */
export const grains: readonly Grain[] = [
  usageGrain('totals_by_configuration', 'month', ...detailKeys.configuration),
  usageGrain('totals_by_tags', 'month', ...detailKeys.tags),
  usageGrain('quarters', 'quarter', 'quarter', ...detailKeys.organisation),
  usageGrain('quarters_by_configuration', 'quarter', ...detailKeys.configuration, 'quarter'),
  usageGrain('quarters_by_tags', 'quarter', 'quarter', ...detailKeys.tags),
  usageGrain('days_by_tags', 'day', 'day', ...detailKeys.tags),
  {
    name: 'ledger',
    keys: ['partition', 'producer', 'month'],
    measures: ['max(sequence)', 'min(sequence)'],
    time: undefined,
  },
];

/**
 * Returns the usage grain with a time resolution that has the fewest keys for a detail. Undefined if there is none: days
 * are stored only by tags. For a few days of all configurations, ClickHouse reads `quarters_by_tags` instead of
 * `quarters_by_configuration`, because its key starts with the time.
 */
export function usageGrainOf(time: GrainTime, detail: GrainDetail): Grain | undefined {
  if (time === 'day' && detail !== 'tags') return undefined;
  return grains.find((grain) => grain.time === time && hasKeys(grain, detailKeys[detail]));
}

/** Returns whether a grain has all of these keys, so that it can answer a query that groups by them. */
export function hasKeys(grain: Grain, keys: readonly string[]): boolean {
  return keys.every((key) => grain.keys.includes(key));
}
