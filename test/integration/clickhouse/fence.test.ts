import { expect, it, vi } from 'vitest';
import type { FenceFailpoint } from '../../../consumers/declarations/failpoints.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createFence } from '../../../consumers/store/clickhouse-fence.ts';
import { PartitionLostError } from '../../../consumers/store/event-store.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';
import { nowMs, useEventTable } from './event-table.ts';

const table = useEventTable('on a server');
let partitions = 100;

/** Creates a store for a partition. Each call stands for another process that wants the partition. */
function contender(partition: number, failpoint: (name: FenceFailpoint) => void = () => {}) {
  const { client } = table;
  const config = { partition, holder: randomName('holder').replaceAll('-', '_'), cluster: undefined };
  const fence = createFence(config, { client, failpoint });
  return createClickHouseEventStore(client, { nowMs: () => nowMs }, { partition, fence });
}

function newPartition(): number {
  partitions += 1;
  return partitions;
}

const rowsOf = (partition: number, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => sessionEvent({ partition, sequence: from + index }));
const stored = (partition: number) =>
  table.text(
    `SELECT groupArray(sequence) FROM (SELECT sequence FROM session_events WHERE partition = ${partition} ORDER BY sequence)`,
  );

it('stores a batch of the owner as one part', async () => {
  const partition = newPartition();
  const store = contender(partition);
  await store.readState();
  await store.insert(store.encode(rowsOf(partition, 1, 3)));
  expect(await stored(partition)).toBe('[1,2,3]\n');
  const parts = await table.text(
    `SELECT uniqExact(_part) FROM session_events WHERE partition = ${partition}`,
  );
  expect(parts).toBe('1\n');
});

it('rejects an insert of the previous owner and stores none of its rows', async () => {
  const partition = newPartition();
  const [first, second] = [contender(partition), contender(partition)];
  await first.readState();
  await first.insert(first.encode(rowsOf(partition, 1, 2)));
  const state = await second.readState();
  expect(state.get(`${partition}/producer-1`)?.highest).toBe(2);
  await expect(first.insert(first.encode(rowsOf(partition, 3, 1)))).rejects.toThrow(PartitionLostError);
  await second.insert(second.encode(rowsOf(partition, 3, 1)));
  expect(await stored(partition)).toBe('[1,2,3]\n');
});

it('reads only its own partition, and rejects events of another', async () => {
  const [one, other] = [newPartition(), newPartition()];
  const store = contender(other);
  await contender(one).readState();
  await store.readState();
  await store.insert(store.encode(rowsOf(other, 1, 1)));
  expect([...(await contender(other).readState()).keys()]).toEqual([`${other}/producer-1`]);
  expect([...(await contender(one).readState()).keys()]).toEqual([]);
  expect(() => store.encode(rowsOf(one, 1, 1))).toThrow(`an event of partition ${one}`);
});

it('gives a partition to one of two processes that take it at the same moment', async () => {
  const partition = newPartition();
  // Another process writes the same epoch, between the write of the row and the read of the owner.
  const rival = (owner: string) =>
    table.client.command({
      query: `INSERT INTO partition_owners SELECT ${partition}, max(epoch), '${owner}', now64(3) FROM partition_owners WHERE partition = ${partition}`,
    });
  const winner = contender(partition);
  await winner.readState();
  await rival('zzz');
  await expect(winner.insert(winner.encode(rowsOf(partition, 1, 1)))).rejects.toThrow(PartitionLostError);
  const next = contender(partition);
  await next.readState();
  await rival('aaa');
  await next.insert(next.encode(rowsOf(partition, 1, 1)));
  expect(await stored(partition)).toBe('[1]\n');
});

it('ends an insert whose sender is frozen before the next owner reads the marks', async () => {
  const partition = newPartition();
  const frozen = contender(partition);
  await frozen.readState();
  let thaw = () => {};
  const frozenPieces = async function* () {
    yield frozen.encode(rowsOf(partition, 1, 1)).pieces[0] ?? '';
    await new Promise<void>((resolve) => {
      thaw = resolve;
    });
    yield frozen.encode(rowsOf(partition, 2, 1)).pieces[0] ?? '';
  };
  const sending = frozen.insert({ count: 2, pieces: frozenPieces() as never }).catch((error) => error);
  const running = () =>
    table.text(
      `SELECT count() FROM system.processes WHERE startsWith(query_id, 'watmeter-sink-${partition}-')`,
    );
  await vi.waitFor(async () => expect(await running()).toBe('1\n'));

  const next = contender(partition);
  const state = await next.readState();
  expect(state.size).toBe(0);
  await next.insert(next.encode(rowsOf(partition, 1, 3)));
  thaw();
  expect(await sending).toBeInstanceOf(Error);
  expect(await stored(partition)).toBe('[1,2,3]\n');
});

it('uses a new epoch and a new owner name each time it takes the partition', async () => {
  const partition = newPartition();
  const store = contender(partition);
  await store.readState();
  const before = await table.text(`SELECT max(epoch) FROM partition_owners WHERE partition = ${partition}`);
  await store.readState();
  const after = await table.text(`SELECT max(epoch) FROM partition_owners WHERE partition = ${partition}`);
  expect([before, after]).toEqual(['1\n', '2\n']);
  const owners = await table.text(
    `SELECT uniqExact(owner) FROM partition_owners WHERE partition = ${partition}`,
  );
  expect(owners).toBe('2\n');
});
