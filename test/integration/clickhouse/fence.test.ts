import { expect, it, vi } from 'vitest';
import type { FenceFailpoint } from '../../../consumers/declarations/failpoints.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createFence } from '../../../consumers/store/clickhouse-fence.ts';
import { PartitionLostError } from '../../../consumers/store/event-store.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';
import { nowMs, useEventTable } from './event-table.ts';

const table = useEventTable('on a server');
let partitions = 100;

/** Creates a store for a partition. Each call represents another process that claims the partition. */
function createContender(partition: number, failpoint: (name: FenceFailpoint) => void = () => {}) {
  const { client } = table;
  const config = { partition, holder: randomName('holder').replaceAll('-', '_'), cluster: undefined };
  const fence = createFence(config, { client, failpoint });
  return createClickHouseEventStore(client, { nowMs: () => nowMs }, { partition, fence });
}

function nextPartition(): number {
  partitions += 1;
  return partitions;
}

const eventsFrom = (partition: number, firstSequence: number, count: number) =>
  Array.from({ length: count }, (_, index) => sessionEvent({ partition, sequence: firstSequence + index }));
const storedSequences = (partition: number) =>
  table.text(
    `SELECT groupArray(sequence) FROM (SELECT sequence FROM session_events WHERE partition = ${partition} ORDER BY sequence)`,
  );

it('the owner of a partition stores each batch as one part', async () => {
  const partition = nextPartition();
  const store = createContender(partition);
  await store.readState();
  await store.insert(store.encode(eventsFrom(partition, 1, 3)));
  expect(await storedSequences(partition)).toBe('[1,2,3]\n');
  const parts = await table.text(
    `SELECT uniqExact(_part) FROM session_events WHERE partition = ${partition}`,
  );
  expect(parts).toBe('1\n');
});

it('an insert by the previous owner is rejected and stores none of its rows', async () => {
  const partition = nextPartition();
  const [first, second] = [createContender(partition), createContender(partition)];
  await first.readState();
  await first.insert(first.encode(eventsFrom(partition, 1, 2)));
  const state = await second.readState();
  expect(state.get(`${partition}/producer-1`)?.highest).toBe(2);
  await expect(first.insert(first.encode(eventsFrom(partition, 3, 1)))).rejects.toThrow(PartitionLostError);
  await second.insert(second.encode(eventsFrom(partition, 3, 1)));
  expect(await storedSequences(partition)).toBe('[1,2,3]\n');
});

it('a partition store reads only its own partition and rejects events of other partitions', async () => {
  const [foreignPartition, ownPartition] = [nextPartition(), nextPartition()];
  const store = createContender(ownPartition);
  await createContender(foreignPartition).readState();
  await store.readState();
  await store.insert(store.encode(eventsFrom(ownPartition, 1, 1)));
  expect([...(await createContender(ownPartition).readState()).keys()]).toEqual([
    `${ownPartition}/producer-1`,
  ]);
  expect([...(await createContender(foreignPartition).readState()).keys()]).toEqual([]);
  expect(() => store.encode(eventsFrom(foreignPartition, 1, 1))).toThrow(
    `an event of partition ${foreignPartition}`,
  );
});

it('a partition has one owner when two processes claim it at the same moment', async () => {
  const partition = nextPartition();
  // The rival writes a row with the same epoch, as if another process had claimed the partition at the same time.
  const rival = (owner: string) =>
    table.client.command({
      query: `INSERT INTO partition_owners SELECT ${partition}, max(epoch), '${owner}', now64(3) FROM partition_owners WHERE partition = ${partition}`,
    });
  const winner = createContender(partition);
  await winner.readState();
  await rival('zzz');
  await expect(winner.insert(winner.encode(eventsFrom(partition, 1, 1)))).rejects.toThrow(PartitionLostError);
  const next = createContender(partition);
  await next.readState();
  await rival('aaa');
  await next.insert(next.encode(eventsFrom(partition, 1, 1)));
  expect(await storedSequences(partition)).toBe('[1]\n');
});

it('the next owner cancels the insert of a frozen process before it reads the high-water marks', async () => {
  const partition = nextPartition();
  const frozen = createContender(partition);
  await frozen.readState();
  let thaw = () => {};
  const frozenPieces = async function* () {
    yield frozen.encode(eventsFrom(partition, 1, 1)).pieces[0] ?? '';
    await new Promise<void>((resolve) => {
      thaw = resolve;
    });
    yield frozen.encode(eventsFrom(partition, 2, 1)).pieces[0] ?? '';
  };
  const sending = frozen.insert({ count: 2, pieces: frozenPieces() as never }).catch((error) => error);
  const running = () =>
    table.text(
      `SELECT count() FROM system.processes WHERE startsWith(query_id, 'watmeter-sink-${partition}-')`,
    );
  await vi.waitFor(async () => expect(await running()).toBe('1\n'));

  const next = createContender(partition);
  const state = await next.readState();
  expect(state.size).toBe(0);
  await next.insert(next.encode(eventsFrom(partition, 1, 3)));
  thaw();
  expect(await sending).toBeInstanceOf(Error);
  expect(await storedSequences(partition)).toBe('[1,2,3]\n');
});

it('a partition store uses a new epoch and a new owner name each time it claims the partition', async () => {
  const partition = nextPartition();
  const store = createContender(partition);
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
