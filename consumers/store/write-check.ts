import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { EventStore } from './event-store.ts';

const tables = ['session_events', 'dead_letters'];

const failedWritesQuery = `
  SELECT sum(value) AS failed FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'`;

/**
 * Wraps a store on chdb so that an insert rejects if a write to disk failed. When a write fails (full disk, quota,
 * bad sector), chdb reports success and keeps a part that it cannot read and drops at its next start. chdb counts
 * failed writes, and this wrapper reads the counter after each insert (test/faults/month-boundary.test.ts). A
 * ClickHouse server does not need the wrapper.
 */
export function withWriteCheck(store: EventStore, client: ClickHouseClient): EventStore {
  const checkWrites = createWriteCheck(client);
  return {
    ...store,
    async readState() {
      await checkWrites();
      return store.readState();
    },
    async insert(encoded) {
      await store.insert(encoded);
      await checkWrites();
    },
    async insertDeadLetters(letters) {
      await store.insertDeadLetters(letters);
      await checkWrites();
    },
  };
}

/**
 * Creates a check that throws if a write has failed since the last call. Before it throws, it detaches the
 * broken parts, so that their rows can be stored again.
 */
function createWriteCheck(client: ClickHouseClient): () => Promise<void> {
  let knownFailures = 0;
  return async () => {
    const [counter] = await queryRows<{ failed: string }>(client, failedWritesQuery);
    const failures = Number(counter?.failed ?? 0);
    if (failures === knownFailures) return;
    for (const table of tables) await detachBrokenParts(client, table);
    knownFailures = failures;
    throw new Error('a write to the disk failed: the rows that it broke are stored again');
  };
}

async function detachBrokenParts(client: ClickHouseClient, table: string): Promise<void> {
  const parts = await queryRows<{ part_path: string; is_passed: number }>(
    client,
    `CHECK TABLE ${table} SETTINGS check_query_single_value_result = 0`,
  );
  for (const { part_path: part } of parts.filter(({ is_passed }) => Number(is_passed) === 0)) {
    if (!part.endsWith('_0'))
      throw new Error(`a failed write broke the merged part ${part}: restart watmeter, to use its sources`);
    await client.command({ query: `ALTER TABLE ${table} DETACH PART '${part}'` });
  }
}

async function queryRows<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}
