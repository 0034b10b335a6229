import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { EventStore } from './event-store.ts';

const tables = ['session_events', 'dead_letters'];

/**
 * The same store on chdb, which cannot be believed alone: it leaves out what ClickHouse does when a write to a file
 * fails (a full disk, a quota, a bad sector), goes on, and answers that all is well, with a part that cannot be
 * read and that its next start throws away. But it counts such writes, so the counter is read before an insert is
 * believed (test/faults/month-boundary.test.ts). A server needs none of this.
 */
export function refuseFailedWrites(store: EventStore, client: ClickHouseClient): EventStore {
  let knownFailedWrites = 0;

  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  /** @throws Error when a write failed since the last call: what it broke is no longer in the table. */
  async function check(): Promise<void> {
    const [counter] = await rows<{ failed: string }>(failedWritesQuery);
    const failed = Number(counter?.failed ?? 0);
    if (failed === knownFailedWrites) return;
    for (const table of tables) await setBrokenPartsAside(table);
    knownFailedWrites = failed;
    throw new Error('a write to the disk failed: what it broke is stored anew');
  }

  async function setBrokenPartsAside(table: string): Promise<void> {
    const parts = await rows<{ part_path: string; is_passed: number }>(
      `CHECK TABLE ${table} SETTINGS check_query_single_value_result = 0`,
    );
    for (const { part_path: part } of parts.filter(({ is_passed }) => Number(is_passed) === 0)) {
      if (!part.endsWith('_0'))
        throw new Error(`a failed write broke the merged part ${part}: restart watmeter, to use its sources`);
      await client.command({ query: `ALTER TABLE ${table} DETACH PART '${part}'` });
    }
  }

  return {
    ...store,
    async readState() {
      await check();
      return store.readState();
    },
    async insert(encoded) {
      await store.insert(encoded);
      await check();
    },
    async insertDeadLetters(letters) {
      await store.insertDeadLetters(letters);
      await check();
    },
  };
}

const failedWritesQuery = `
  SELECT sum(value) AS failed FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'`;
