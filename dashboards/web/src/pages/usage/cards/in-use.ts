import { api, call } from '../../../api/client.ts';
import { useQuery } from '../../../data/use-query.ts';
import { compareOf, filterOf, rangeOf } from '../state/parameters.ts';
import type { UsageState } from '../state/state.ts';

const PAGE = 500;

interface InUse {
  readonly current: number;
  readonly previous: number | undefined;
}

/** Returns how many configurations have sessions in the range, and how many had in the comparison period. */
export function useConfigurationsInUse(state: UsageState) {
  const query = { ...filterOf(state), ...rangeOf(state), ...compareOf(state), limit: PAGE } as const;
  return useQuery(
    JSON.stringify(query),
    async (signal): Promise<InUse> => {
      const current = await count(
        { ...query, sort: '-sessions' },
        (item) => (item.sessions ?? 0) > 0,
        signal,
      );
      if (!('compare' in query)) return { current: current.found, previous: undefined };
      // Configurations that are in use only in the comparison period come first in the order by change.
      const lost = current.isWhole
        ? current.previous
        : current.previous + (await count({ ...query, sort: 'change' }, isLost, signal)).found;
      return { current: current.found, previous: lost };
    },
    { liveMs: 14_000 },
  );
}

interface Item {
  readonly sessions?: number;
  readonly previousSessions?: number;
}

function isLost({ sessions, previousSessions }: Item): boolean {
  return sessions === 0 && (previousSessions ?? 0) > 0;
}

/** Counts items from the start of a list until a page has none. */
async function count(
  query: NonNullable<Parameters<typeof load>[0]>,
  isWanted: (item: Item) => boolean,
  signal: AbortSignal,
) {
  let [found, previous] = [0, 0];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof load>> = await load(
      { ...query, ...(cursor !== null && { cursor }) },
      signal,
    );
    const wanted = page.items.filter(isWanted);
    found += wanted.length;
    previous += page.items.filter((item) => (item.previousSessions ?? 0) > 0).length;
    cursor = page.nextCursor;
    if (wanted.length < page.items.length) return { found, previous, isWhole: cursor === null };
  } while (cursor !== null);
  return { found, previous, isWhole: true };
}

type Query = ReturnType<typeof filterOf> & {
  readonly limit: number;
  readonly sort: '-sessions' | 'change';
  readonly cursor?: string;
};

function load(query: Query, signal: AbortSignal) {
  return call(api.GET('/api/v1/usage/configurations', { params: { query }, signal }), signal);
}
