import { api, call } from '../../api/client.ts';
import type { components } from '../../api/schema.ts';
import { loadPages } from '../../data/load-pages.ts';
import { useQuery } from '../../data/use-query.ts';

type DormantUsage = components['schemas']['DormantUsage'];
export type UnusedItem = DormantUsage['items'][number];

export const DEFAULT_DAYS = 90;

/** Loads the configurations and tags without sessions in the last `days` days. */
export function useUnused(days: number, timeZone: string, wanted: number) {
  return useQuery(`${days} ${timeZone} ${wanted}`, (signal) =>
    loadPages<UnusedItem, DormantUsage>(wanted, (page) =>
      call(
        api.GET('/api/v1/usage/dormant', { params: { query: { days, timeZone, ...page } }, signal }),
        signal,
      ),
    ),
  );
}
