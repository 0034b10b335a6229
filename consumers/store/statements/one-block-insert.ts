import { Readable } from 'node:stream';
import type { ClickHouseClient } from '../../../src/platform/clickhouse/client.ts';

/**
 * Settings that keep an insert in one block. The batch is then one part per month and therefore atomic. Asynchronous
 * inserts, several threads and parallel parsing would each split it into several blocks
 * (docs/explanation/delivery.md, section 8). The settings remove the limit on the number of months, because a batch
 * above the limit would be rejected on every retry. The settings are part of the statement, because chdb applies
 * settings of a call also to later calls on the same connection.
 */
export const oneBlockSettings = [
  'async_insert = 0',
  'max_insert_threads = 1',
  'input_format_parallel_parsing = 0',
  'max_insert_block_size = 1048576',
  'min_insert_block_size_rows = 1048576',
  'min_insert_block_size_bytes = 1073741824',
  'max_partitions_per_insert_block = 0',
].join(', ');

/**
 * Sends an INSERT statement with its rows.
 *
 * @param queryId id by which other processes find the running insert. With an id, the response is complete
 *   only when the insert has ended.
 * @returns the number of rows that the server reports as written, or undefined if it does not report one.
 */
export async function sendInsert(
  client: ClickHouseClient,
  statement: string,
  pieces: readonly string[],
  queryId?: string,
): Promise<number | undefined> {
  const result = await client.exec({
    query: statement,
    values: Readable.from(pieces, { objectMode: false }),
    ...(queryId !== undefined && { query_id: queryId, clickhouse_settings: { wait_end_of_query: 1 } }),
  });
  result.stream.resume();
  return result.summary === undefined ? undefined : Number(result.summary.written_rows);
}
