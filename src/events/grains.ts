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
  usageGrain('quarters_of_configurations', 'quarter', 'quarter', ...detailKeys.configuration),
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
 * Whether the key of a grain starts with the time or with the configuration. A query reads the fewest rows if it
 * restricts the first column of the key.
 */
export type GrainOrder = 'byTime' | 'byConfiguration';

/**
 * Returns the smallest usage grain with a time resolution and a detail. Returns undefined if there is none, because
 * days are stored only with the detail `tags`. If the grain is stored in two orders, `order` selects one. `byTime`
 * suits queries for a few days of all configurations, `byConfiguration` queries for a long range of a few
 * configurations.
 */
export function usageGrainOf(time: GrainTime, detail: GrainDetail, order: GrainOrder): Grain | undefined {
  if (time === 'day' && detail !== 'tags') return undefined;
  const fitting = grains.filter(
    (grain) => grain.time === time && detailKeys[detail].every((key) => grain.keys.includes(key)),
  );
  const [smallest] = fitting;
  return fitting.find((grain) => haveSameKeys(grain, smallest) && orderOf(grain) === order) ?? smallest;
}

const orderOf = ({ keys }: Grain): GrainOrder =>
  keys[0] === 'quarter' || keys[0] === 'day' ? 'byTime' : 'byConfiguration';

/** Returns whether two grains differ only in the order of their keys. */
export function haveSameKeys(one: Grain | undefined, other: Grain | undefined): boolean {
  return one?.keys.toSorted().join() === other?.keys.toSorted().join();
}
