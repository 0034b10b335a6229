import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';

export type { ClickHouseClient } from '@clickhouse/client';

export const database = 'watmeter';

/**
 * ClickHouse in this process, on disk. The directory belongs to one process at a time.
 *
 * Two traps of chdb that callers keep to (docs/clickhouse.md): settings given with one call stick to its
 * connection, so they stand in the statement's SETTINGS clause instead; and one connection runs one query at a
 * time, so the sink and the API have their own.
 */
export function createEmbeddedClickHouse(path: string): ClickHouseClient {
  return createClient({ connection: createChdbConnection({ path }) as never });
}
