import type { paths } from '../../../api/schema.ts';
import { presetOf } from '../../../lib/ranges.ts';
import { type Granularity, hasWholeDays, type UsageState } from './state.ts';

export type SeriesQuery = NonNullable<paths['/api/v1/usage/series']['get']['parameters']['query']>;
export type ListQuery = NonNullable<paths['/api/v1/usage/configurations']['get']['parameters']['query']>;

/** Returns the API parameters of the filter. `omit` leaves out the filter that a list itself selects. */
export function filterOf(state: UsageState, omit?: 'configurations' | 'tags') {
  const hasTags = omit !== 'tags';
  return {
    timeZone: state.timeZone,
    ...(omit !== 'configurations' &&
      state.configurationIds.length > 0 && { configurationId: [...state.configurationIds] }),
    ...(hasTags && state.tags.length > 0 && { tag: [...state.tags] }),
    ...(hasTags && state.tags.length > 1 && { match: state.match }),
    ...(hasTags && state.untagged && { untagged: true }),
  };
}

/** Returns the API parameters of the range. */
export function rangeOf({ range }: UsageState) {
  return 'preset' in range ? { range: range.preset } : { from: range.from, to: range.to };
}

/** Returns the API parameters of the comparison. The range `all` has no previous period. */
export function compareOf(state: UsageState) {
  if (!canCompare(state) || state.compare === 'none') return {};
  return { compare: state.compare };
}

/** Returns whether the range can be compared. */
export function canCompare(state: UsageState): boolean {
  return hasWholeDays(state) && !('preset' in state.range && state.range.preset === 'all');
}

/** Returns the maximum length of the range in days, for example 31 for a month. The range `all` counts as ten years. */
export function rangeDays({ range }: UsageState): number {
  if ('preset' in range) return presetOf(range.preset)?.days ?? 3650;
  return (Date.parse(range.to) - Date.parse(range.from)) / 86_400_000;
}

const granularitiesByDays = [
  [0.5, 'quarterHour'],
  [4, 'hour'],
  [120, 'day'],
  [800, 'week'],
] as const;

/** Returns the granularity of the graph: the chosen one, or one that gives about 120 buckets or fewer. */
export function granularityOf(state: UsageState): Granularity {
  const days = rangeDays(state);
  return state.granularity ?? granularitiesByDays.find(([longest]) => days <= longest)?.[1] ?? 'month';
}

const bucketDays = { quarterHour: 1 / 96, hour: 1 / 24, day: 1, week: 7, month: 30, quarter: 91, year: 365 };

/** Returns the granularities that give a readable graph for the range: from 1 to 3,000 buckets. */
export function granularitiesFor(state: UsageState): Granularity[] {
  const days = rangeDays(state);
  return (Object.keys(bucketDays) as Granularity[]).filter((granularity) => {
    const count = days / bucketDays[granularity];
    return count >= 1 && count <= 3000;
  });
}

/** Returns the granularity of sparklines. */
export function sparkGranularityOf(state: UsageState): Granularity {
  const days = rangeDays(state);
  return (
    (
      [
        [2, 'hour'],
        [60, 'day'],
        [400, 'week'],
      ] as const
    ).find(([longest]) => days <= longest)?.[1] ?? 'month'
  );
}
