import { api, call } from '../../../api/client.ts';
import { useQuery } from '../../../data/use-query.ts';
import { compareOf, filterOf, type ListQuery, rangeOf, sparkGranularityOf } from '../state/parameters.ts';
import type { UsageState } from '../state/state.ts';

const LARGEST_PAGE = 500;
const MOST_SPARKLINES = 100;

/** A row of a ranked list. */
export interface RankedItem {
  /** The configuration id or the tag. Null for sessions without tags. */
  readonly id: string | null;
  readonly name: string | null;
  readonly deletedAt: string | null;
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
  readonly sessions?: number;
  readonly previousSessions?: number;
}

export interface RankedList {
  readonly timeZone: string;
  readonly items: readonly RankedItem[];
  readonly nextCursor: string | null;
  readonly distinctSessions: number | undefined;
}

export type ListKind = 'configurations' | 'tags';

/**
 * Returns the parameters of a list. A list is not filtered by its own selection, so that its selected rows stay
 * visible among the others.
 */
export function listQuery(state: UsageState, kind: ListKind): ListQuery {
  const compare = compareOf(state);
  const sort = state.sort.endsWith('change') && !('compare' in compare) ? '-sessions' : state.sort;
  return { ...filterOf(state, kind), ...rangeOf(state), ...compare, sort };
}

/** Returns the first `wanted` rows of a list. */
export function useList(state: UsageState, kind: ListKind, wanted: number) {
  const query = listQuery(state, kind);
  return useQuery(JSON.stringify([kind, query, wanted]), (signal) => loadList(kind, query, wanted, signal), {
    liveMs: wanted > LARGEST_PAGE ? 10_000 : 1900,
  });
}

async function loadList(
  kind: ListKind,
  query: ListQuery,
  wanted: number,
  signal: AbortSignal,
): Promise<RankedList> {
  const first = await loadPage(kind, { ...query, limit: Math.min(wanted, LARGEST_PAGE) }, signal);
  const items = [...first.items];
  let cursor = first.nextCursor;
  while (cursor !== null && items.length < wanted) {
    const limit = Math.min(wanted - items.length, LARGEST_PAGE);
    const page: RankedList = await loadPage(kind, { ...query, limit, cursor }, signal);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { ...first, items, nextCursor: cursor };
}

async function loadPage(kind: ListKind, query: ListQuery, signal: AbortSignal): Promise<RankedList> {
  if (kind === 'configurations') {
    const page = await call(api.GET('/api/v1/usage/configurations', { params: { query }, signal }), signal);
    const items = page.items.map((item) => ({ ...item, id: item.configurationId }));
    return { ...page, items, distinctSessions: undefined };
  }
  const page = await call(api.GET('/api/v1/usage/tags', { params: { query }, signal }), signal);
  return {
    ...page,
    items: page.items.map((item) => ({ ...item, id: item.tag, name: item.tag, deletedAt: null })),
  };
}

/** Returns the series of the rows' sparklines by configuration id or tag. */
export function useSparklines(state: UsageState, kind: ListKind, items: readonly RankedItem[]) {
  const ids = items.slice(0, MOST_SPARKLINES).flatMap(({ id }) => (id === null ? [] : [id]));
  const query = {
    ...filterOf(state, kind),
    ...rangeOf(state),
    granularity: sparkGranularityOf(state),
    groupBy: kind === 'tags' ? ('tag' as const) : ('configuration' as const),
    top: MOST_SPARKLINES,
    ...(kind === 'configurations' && { configurationId: ids }),
  };
  return useQuery(
    ids.length === 0 ? '' : JSON.stringify(query),
    async (signal) => {
      if (ids.length === 0) return new Map<string | null, number[]>();
      const answer = await call(api.GET('/api/v1/usage/series', { params: { query }, signal }), signal);
      const named = answer.series.filter(({ isOther }) => !isOther);
      return new Map(named.map(({ key, buckets }) => [key, buckets.map(({ sessions }) => sessions)]));
    },
    { liveMs: 9000 },
  );
}
