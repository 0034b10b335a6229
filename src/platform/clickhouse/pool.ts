import type { ClickHouseClient, OpenStream, StreamFormat } from './client.ts';

/** Runs reads on a few connections, since one connection of chdb runs one query at a time. */
export interface QueryPool {
  /** @param settings more for the statement's SETTINGS clause. */
  rows<T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string): Promise<T[]>;
  /** Runs a read as `rows` does, and returns how many rows of tables and projections it read. */
  measuredRows<T>(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    settings?: string,
  ): Promise<MeasuredRows<T>>;
  /**
   * Yields a result in chunks, with constant memory. Leaving the loop ends the query. A reader may take an hour: the time
   * limit of `rows` does not hold, since the query waits while its reader waits.
   * @param settings more for the statement's SETTINGS clause.
   */
  stream(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    format: StreamFormat,
    settings?: string,
  ): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface MeasuredRows<T> {
  readonly rows: T[];
  readonly rowsRead: number;
}

export interface QueryPoolConfig {
  readonly queryTimeoutMs: number;
}

const maxMemoryBytes = 2 * 1024 ** 3;

/** Sorting and grouping of a large result move to the disk before they take more memory than this. */
const spillBytes = 256 * 1024 ** 2;
const streamBounds =
  `SETTINGS max_execution_time = 3600, max_memory_usage = ${maxMemoryBytes}, ` +
  `max_bytes_before_external_sort = ${spillBytes}, max_bytes_before_external_group_by = ${spillBytes}`;

/** Returns a pool whose queries are bounded in time and memory, each in its own SETTINGS clause (see client.ts). */
export function createQueryPool(
  clients: readonly ClickHouseClient[],
  openStream: OpenStream,
  config: QueryPoolConfig,
): QueryPool {
  const busy = new Map(clients.map((client) => [client, 0]));
  const bounds = `SETTINGS max_execution_time = ${config.queryTimeoutMs / 1000}, max_memory_usage = ${maxMemoryBytes}`;
  const bounded = (sql: string, settings: string | undefined, by = bounds) =>
    `${sql} ${by}${settings === undefined ? '' : `, ${settings}`}`;

  function leastBusy(): ClickHouseClient {
    const [first] = [...busy].sort(([, one], [, other]) => one - other);
    if (first === undefined) throw new Error('a query pool without connections');
    return first[0];
  }

  async function onLeastBusy<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    const client = leastBusy();
    busy.set(client, (busy.get(client) ?? 0) + 1);
    try {
      return await work(client);
    } finally {
      busy.set(client, (busy.get(client) ?? 1) - 1);
    }
  }

  return {
    rows: <T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string) =>
      onLeastBusy(async (client) => {
        const query = { query: bounded(sql, settings), query_params: { ...params } };
        return (await client.query({ ...query, format: 'JSONEachRow' })).json<T>();
      }),
    measuredRows: <T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string) =>
      onLeastBusy(async (client) => {
        const query = { query: bounded(sql, settings), query_params: { ...params } };
        const { data, statistics } = await (await client.query({ ...query, format: 'JSON' })).json<T>();
        return { rows: data, rowsRead: statistics?.rows_read ?? 0 };
      }),
    stream: (sql, params, format, settings) =>
      openStream(bounded(sql, settings, streamBounds), params, format),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
