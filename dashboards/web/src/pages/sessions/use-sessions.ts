import { api, call } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';
import { loadPages } from '../../data/load-pages.ts';
import { useQuery } from '../../data/use-query.ts';
import { toSearch } from '../usage/cards/card-menu.tsx';
import { isKnown, rememberName } from '../usage/state/known-names.ts';
import { filterOf, rangeOf } from '../usage/state/parameters.ts';
import type { UsageState } from '../usage/state/state.ts';

type SessionList = paths['/api/v1/usage/sessions']['get']['responses'][200]['content']['application/json'];
export type SessionItem = SessionList['items'][number];

/** Returns the newest sessions of the filter and the range. */
export function useSessions(state: UsageState, wanted: number) {
  const query = { ...filterOf(state), ...rangeOf(state) };
  return useQuery(
    JSON.stringify([query, wanted]),
    async (signal): Promise<SessionList> => {
      const list = await loadPages<SessionItem, SessionList>(wanted, (page) =>
        call(api.GET('/api/v1/usage/sessions', { params: { query: { ...query, ...page } }, signal }), signal),
      );
      await learnNames(list.items, signal);
      return list;
    },
    { liveMs: 1900 },
  );
}

/** Returns the address of the same sessions as CSV. */
export function sessionsCsvUrl(state: UsageState): string {
  return `/api/v1/usage/sessions?${toSearch({ ...filterOf(state), ...rangeOf(state), format: 'csv' })}`;
}

const MOST_IDS = 100;

/** Loads the names of configurations that the page does not know yet. */
async function learnNames(items: readonly SessionItem[], signal: AbortSignal): Promise<void> {
  const ids = [...new Set(items.map((item) => item.configurationId))].filter((id) => !isKnown(id));
  if (ids.length === 0) return;
  const query = { configurationId: ids.slice(0, MOST_IDS), limit: MOST_IDS };
  const list = await call(api.GET('/api/v1/usage/configurations', { params: { query }, signal }), signal);
  for (const { configurationId, name } of list.items) rememberName(configurationId, name);
}
