import type { paths } from '../api/schema.ts';

export type RangePreset = NonNullable<
  NonNullable<paths['/api/v1/usage/series']['get']['parameters']['query']>['range']
>;

export interface Preset {
  readonly range: RangePreset;
  readonly label: string;
  /** The key that selects the range. */
  readonly key: string;
  /** Days of the range, at most. Undefined if it is not known in advance. */
  readonly days: number | undefined;
}

/** The ranges with their keys. 28 and 91 days, because these are whole weeks. */
export const presets: readonly Preset[] = [
  { range: 'today', label: 'Today', key: 'd', days: 1 },
  { range: 'yesterday', label: 'Yesterday', key: 'e', days: 1 },
  { range: 'last7days', label: 'Last 7 days', key: 'w', days: 7 },
  { range: 'last28days', label: 'Last 28 days', key: 'f', days: 28 },
  { range: 'last91days', label: 'Last 91 days', key: 'n', days: 91 },
  { range: 'thisMonth', label: 'This month', key: 'm', days: 31 },
  { range: 'lastMonth', label: 'Last month', key: 'p', days: 31 },
  { range: 'thisYear', label: 'This year', key: 'y', days: 366 },
  { range: 'last12months', label: 'Last 12 months', key: 'l', days: 366 },
  { range: 'all', label: 'All time', key: 'a', days: undefined },
];

/** Returns the preset of a range, or undefined for a range without a key. */
export function presetOf(range: string): Preset | undefined {
  return presets.find((preset) => preset.range === range);
}
