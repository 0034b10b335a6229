import type { RangePreset } from '../../../lib/ranges.ts';
import { presetOf } from '../../../lib/ranges.ts';
import { chooseZone } from '../../../lib/zones.ts';

export type Granularity = 'quarterHour' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';
export type Compare = 'none' | 'previous' | 'previousYear';
export type ListSort = '-sessions' | '-change' | 'change' | 'name' | '-lastUsed' | '-total';

/** A range of the page: relative to today, or with bounds. */
export type Range = { readonly preset: RangePreset } | { readonly from: string; readonly to: string };

/** Everything that the usage page shows. The URL contains it, so a shared link shows the same. */
export interface UsageState {
  readonly timeZone: string;
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  readonly untagged: boolean;
  readonly range: Range;
  readonly compare: Compare;
  /** Granularity of the graph. Undefined: it depends on the length of the range. */
  readonly granularity: Granularity | undefined;
  readonly sort: ListSort;
}

export type Change = Partial<UsageState>;

const granularities = new Set<string>(['quarterHour', 'hour', 'day', 'week', 'month', 'quarter', 'year']);
const sorts = new Set<string>(['-sessions', '-change', 'change', 'name', '-lastUsed', '-total']);
export const defaultRange: RangePreset = 'last28days';

/** Reads the state from the query of a URL. Unknown values become the defaults. */
export function readState(search: string): UsageState {
  const params = new URLSearchParams(search);
  const compare = params.get('compare');
  const granularity = params.get('granularity') ?? '';
  const sort = params.get('sort') ?? '';
  return {
    timeZone: chooseZone(params.get('timeZone')),
    configurationIds: params.getAll('configurationId'),
    tags: params.getAll('tag'),
    match: params.get('match') === 'all' ? 'all' : 'any',
    untagged: params.get('untagged') === 'true',
    range: readRange(params),
    compare: compare === 'none' || compare === 'previousYear' ? compare : 'previous',
    granularity: granularities.has(granularity) ? (granularity as Granularity) : undefined,
    sort: sorts.has(sort) ? (sort as ListSort) : '-sessions',
  };
}

function readRange(params: URLSearchParams): Range {
  const [from, to] = [params.get('from'), params.get('to')];
  if (from !== null && to !== null) return { from, to };
  const range = params.get('range') ?? '';
  return { preset: presetOf(range)?.range ?? defaultRange };
}

/** Returns the query of the URL for a state. */
export function writeState(state: UsageState): string {
  const params = new URLSearchParams({ timeZone: state.timeZone });
  for (const id of state.configurationIds) params.append('configurationId', id);
  for (const tag of state.tags) params.append('tag', tag);
  if (state.match === 'all') params.set('match', 'all');
  if (state.untagged) params.set('untagged', 'true');
  if ('preset' in state.range) params.set('range', state.range.preset);
  else {
    params.set('from', state.range.from);
    params.set('to', state.range.to);
  }
  if (state.compare !== 'previous') params.set('compare', state.compare);
  if (state.granularity) params.set('granularity', state.granularity);
  if (state.sort !== '-sessions') params.set('sort', state.sort);
  return `?${params}`;
}

/** Returns whether the range consists of whole local days. Only such a range can be compared. */
export function hasWholeDays({ range }: UsageState): boolean {
  return 'preset' in range || (range.from.length === 10 && range.to.length === 10);
}

/** Returns whether a state has a filter. */
export function isFiltered(state: UsageState): boolean {
  return state.configurationIds.length > 0 || state.tags.length > 0 || state.untagged;
}
