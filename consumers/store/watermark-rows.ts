import type { Watermark } from '../../src/events/watermark.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { sendInsert } from './one-block-insert.ts';

/** Stores watermarks in ClickHouse. Repeated and older ones collapse, so their order does not matter. */
export async function insertWatermarks(
  client: ClickHouseClient,
  watermarks: readonly Watermark[],
): Promise<void> {
  const rows = watermarks.map((watermark) => JSON.stringify(toRow(watermark)));
  const columns = 'producer, partition, sequence, before, final_sequence, final_before, partitions';
  await sendInsert(
    client,
    `INSERT INTO watermarks (${columns}) SETTINGS async_insert = 0 FORMAT JSONEachRow`,
    [rows.join('\n')],
  );
}

function toRow({ producer, partition, sequence, beforeMs, partitions, final }: Watermark) {
  const row = { producer, partition, partitions };
  return final
    ? { ...row, sequence: 0, before: 0, final_sequence: sequence, final_before: beforeMs }
    : { ...row, sequence, before: beforeMs, final_sequence: 0, final_before: 0 };
}
