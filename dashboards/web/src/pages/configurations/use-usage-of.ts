import { api, call } from '../../api/client.ts';
import { useQuery } from '../../data/use-query.ts';

const MOST_IDS = 100;

interface Usage {
  readonly name: string;
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
}

/** Returns last used, today and total by configuration id. */
export function useUsageOf(ids: readonly string[], timeZone: string) {
  return useQuery(`${timeZone} ${ids.join()}`, async (signal) => {
    const usage = new Map<string, Usage>();
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const query = { timeZone, configurationId: ids.slice(start, start + MOST_IDS), limit: MOST_IDS };
      const list = await call(api.GET('/api/v1/usage/configurations', { params: { query }, signal }), signal);
      for (const item of list.items) usage.set(item.configurationId, item);
    }
    return usage;
  });
}
