import type { Watermark } from '../../src/events/watermark.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { sendInsert } from './statements/one-block-insert.ts';

/**
 * Stores watermarks in ClickHouse, which keeps only the newest watermark of each producer and partition, and the newest
 * final one. The order of the inserts therefore does not matter.
 */
export async function insertWatermarks(
  client: ClickHouseClient,
  watermarks: readonly Watermark[],
): Promise<void> {
  const rows = watermarks.map(({ producer, partition, sequence, beforeMs, partitions, final }) =>
    JSON.stringify([producer, partition, final ? 1 : 0, sequence, beforeMs, partitions]),
  );
  const columns = 'producer, partition, final, sequence, before, partitions';
  const settings = 'SETTINGS async_insert = 0';
  await sendInsert(client, `INSERT INTO watermarks (${columns}) ${settings} FORMAT JSONCompactEachRow`, [
    rows.join('\n'),
  ]);
}
