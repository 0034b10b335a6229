import type { ClickHouseClient } from './client.ts';

/** Runs reads on a few connections, since one connection of chdb runs one query at a time. */
export interface QueryPool {
  /** @param settings more for the statement's SETTINGS clause. */
  rows<T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string): Promise<T[]>;
  close(): Promise<void>;
}

export interface QueryPoolConfig {
  readonly queryTimeoutMs: number;
}

const maxMemoryBytes = 2 * 1024 ** 3;

/** Every query is bounded in time and memory, in its own SETTINGS clause (see client.ts). */
export function createQueryPool(clients: readonly ClickHouseClient[], config: QueryPoolConfig): QueryPool {
  const busy = new Map(clients.map((client) => [client, 0]));
  const bounds = `SETTINGS max_execution_time = ${config.queryTimeoutMs / 1000}, max_memory_usage = ${maxMemoryBytes}`;

  function leastBusy(): ClickHouseClient {
    const [first] = [...busy].sort(([, one], [, other]) => one - other);
    if (first === undefined) throw new Error('a query pool without connections');
    return first[0];
  }

  return {
    async rows<T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string) {
      const client = leastBusy();
      busy.set(client, (busy.get(client) ?? 0) + 1);
      try {
        const query = `${sql} ${bounds}${settings === undefined ? '' : `, ${settings}`}`;
        const result = await client.query({ query, query_params: { ...params }, format: 'JSONEachRow' });
        return await result.json<T>();
      } finally {
        busy.set(client, (busy.get(client) ?? 1) - 1);
      }
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
