import type { ClickHouseClient, OpenStream, StreamFormat } from './client.ts';

/** Runs queries on several connections. With chdb, one connection would run only one query at a time. */
export interface QueryPool {
  /**
   * Runs a query and returns its rows.
   * @param settings additional text for the SETTINGS clause.
   */
  rows<T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string): Promise<T[]>;
  /** Runs a query like `rows`, and also returns the number of rows that it read from tables and projections. */
  measuredRows<T>(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    settings?: string,
  ): Promise<MeasuredRows<T>>;
  /**
   * Runs a query and yields the result in chunks, with constant memory. A consumer that leaves the loop stops the
   * query. The time limit is one hour, longer than for `rows`, because the query waits for a slow consumer.
   * @param settings additional text for the SETTINGS clause.
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
  /** Maximum memory per query. Default: 2 GiB. */
  readonly queryMemoryBytes?: number;
}

const defaultMemoryBytes = 2 * 1024 ** 3;

/** Memory from which the sorting and grouping of a large result use the disk. */
const spillBytes = 256 * 1024 ** 2;
const streamLimits =
  'SETTINGS max_execution_time = 3600, ' +
  `max_bytes_before_external_sort = ${spillBytes}, max_bytes_before_external_group_by = ${spillBytes}`;

/** Creates a pool. The SETTINGS clause of each query limits its time and memory (see client.ts). */
export function createQueryPool(
  clients: readonly ClickHouseClient[],
  openStream: OpenStream,
  config: QueryPoolConfig,
): QueryPool {
  const busy = new Map(clients.map((client) => [client, 0]));
  const memoryLimit = `max_memory_usage = ${config.queryMemoryBytes ?? defaultMemoryBytes}`;
  const queryLimits = `SETTINGS max_execution_time = ${config.queryTimeoutMs / 1000}`;
  const withLimits = (sql: string, settings: string | undefined, limits = queryLimits) =>
    `${sql} ${limits}, ${memoryLimit}${settings === undefined ? '' : `, ${settings}`}`;

  function leastBusy(): ClickHouseClient {
    const [first] = [...busy].sort(([, queriesA], [, queriesB]) => queriesA - queriesB);
    if (first === undefined) throw new Error('the query pool has no connections');
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
        const query = { query: withLimits(sql, settings), query_params: { ...params } };
        return (await client.query({ ...query, format: 'JSONEachRow' })).json<T>();
      }),
    measuredRows: <T>(sql: string, params: Readonly<Record<string, unknown>>, settings?: string) =>
      onLeastBusy(async (client) => {
        const query = { query: withLimits(sql, settings), query_params: { ...params } };
        const { data, statistics } = await (await client.query({ ...query, format: 'JSON' })).json<T>();
        return { rows: data, rowsRead: statistics?.rows_read ?? 0 };
      }),
    stream: (sql, params, format, settings) =>
      openStream(withLimits(sql, settings, streamLimits), params, format),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
