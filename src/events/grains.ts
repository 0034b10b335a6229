/** Time resolution of a grain, in UTC. The table partition adds the month to every grain. */
export type GrainTime = 'month' | 'day' | 'quarter';

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

const usageGrain = (name: string, time: GrainTime, ...dimensions: string[]): Grain => ({
  name,
  keys: ['organisation_id', 'configuration_id', ...dimensions],
  measures: ['max(time)'],
  time,
});

/**
 * All projections of `session_events`. The query planner and the integrity check use this list, and a test
 * compares it with sql/clickhouse.
 */
export const grains: readonly Grain[] = [
  usageGrain('totals_by_configuration', 'month'),
  usageGrain('totals_by_tags', 'month', 'tags'),
  usageGrain('quarters_by_configuration', 'quarter', 'quarter'),
  usageGrain('quarters_by_tags', 'quarter', 'tags', 'quarter'),
  usageGrain('days_by_tags', 'day', 'tags', 'day'),
  {
    name: 'ledger',
    keys: ['partition', 'producer', 'month'],
    measures: ['max(sequence)', 'min(sequence)'],
    time: undefined,
  },
];

/** Returns the usage grain with this time resolution. With `byTags`, the grain has tags among its keys. */
export function usageGrainOf(time: GrainTime, byTags: boolean): Grain | undefined {
  return grains.find((grain) => grain.time === time && grain.keys.includes('tags') === byTags);
}
