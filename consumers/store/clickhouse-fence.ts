import { randomUUID } from 'node:crypto';
import { poll } from '../../src/platform/background/poll.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { FenceFailpoint } from '../declarations/failpoints.ts';
import { PartitionLostError } from './event-store.ts';
import {
  type FenceNames,
  fencedSelect,
  insertQueryId,
  killStatement,
  ownerCondition,
  ownerQuery,
  renewStatement,
  runningInsertsQuery,
  takeStatement,
} from './statements/fence-statements.ts';

export interface FenceConfig extends FenceNames {
  readonly partition: number;
  /** Host and process that own the partition. The table `partition_owners` shows them to operators. */
  readonly holder: string;
}

export interface FenceDeps {
  readonly client: ClickHouseClient;
  readonly failpoint: Failpoint<FenceFailpoint>;
}

/** Protects one stream partition against writers in other processes. */
export interface Fence {
  readonly partition: number;
  /**
   * Takes the partition from its current owner. When the promise resolves, no insert of an earlier owner is
   * running and none can start, so the partition's rows do not change until this owner writes.
   * @throws PartitionLostError if another process took the partition at the same moment.
   */
  take(): Promise<void>;
  /**
   * Returns the SELECT of an INSERT ... SELECT statement. The SELECT returns no rows once another owner holds the
   * partition.
   */
  select(structure: string): string;
  /** Returns the SQL condition that this owner holds the partition. */
  condition(): string;
  /** Returns whether this owner still holds the partition. */
  isHeld(): Promise<boolean>;
  /** Updates the time in this owner's row, if this owner still holds the partition. */
  renew(): Promise<void>;
  nextQueryId(): string;
  /**
   * Checks the number of rows that an insert wrote.
   * @throws PartitionLostError if the store wrote none of the rows.
   * @throws Error if it wrote another number of rows, or did not report the number.
   */
  checkWritten(sent: number, written: number | undefined): void;
}

const pollMs = 100;
const pollForMs = 30_000;

/**
 * Creates the fence of one partition.
 *
 * The fence is exact because ClickHouse adds an insert to its process list before it evaluates the fence. After the
 * new owner's row is written, every older insert is in one of two states. Either it is in the process list, and
 * `take` waits until it has ended, or it reads the new owner and writes no row. Each `take` uses a new owner name, so
 * the store also rejects late inserts of this process.
 */
export function createFence(config: FenceConfig, deps: FenceDeps): Fence {
  const { partition } = config;
  let owner = '';
  let inserts = 0;
  return {
    partition,
    async take() {
      owner = `${config.holder}-${randomUUID().slice(0, 8)}`;
      inserts = 0;
      await takePartition(config, owner, deps);
    },
    select: (structure) => fencedSelect(partition, owner, structure),
    condition: () => ownerCondition(partition, owner),
    isHeld: async () => (await currentOwner(deps.client, partition)) === owner,
    async renew() {
      await deps.client.command({ query: renewStatement(partition, owner) });
    },
    nextQueryId() {
      inserts += 1;
      return insertQueryId(partition, owner, inserts);
    },
    checkWritten: (sent, written) => checkWritten(partition, sent, written),
  };
}

async function takePartition(config: FenceConfig, owner: string, deps: FenceDeps): Promise<void> {
  const { partition } = config;
  const { client, failpoint } = deps;
  await client.command({ query: takeStatement(partition, owner) });
  failpoint('take.written');
  const current = await currentOwner(client, partition);
  if (current !== owner) throw new PartitionLostError(`partition ${partition} was taken by ${current}`);
  await waitForOlderInserts(config, owner, client);
  failpoint('take.waited');
}

async function currentOwner(client: ClickHouseClient, partition: number): Promise<string | undefined> {
  return (await queryRows<{ owner: string }>(client, ownerQuery(partition)))[0]?.owner;
}

async function waitForOlderInserts(
  config: FenceConfig,
  owner: string,
  client: ClickHouseClient,
): Promise<void> {
  const { partition } = config;
  const isOver = async () => {
    const running = await queryRows(client, runningInsertsQuery(config, partition, owner));
    return running.length === 0 || undefined;
  };
  if (await isOver()) return;
  await client.command({ query: killStatement(config, partition, owner) });
  if (!(await poll(isOver, { everyMs: pollMs, timeoutMs: pollForMs })))
    throw new Error(`an older insert of partition ${partition} is still running`);
}

function checkWritten(partition: number, sent: number, written: number | undefined): void {
  if (written === sent) return;
  if (written === 0) throw new PartitionLostError(`partition ${partition} belongs to another process now`);
  throw new Error(`${sent} rows were sent and ${written ?? 'an unknown number'} written`);
}

async function queryRows<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}
