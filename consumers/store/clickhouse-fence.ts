import { randomUUID } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import { PartitionLostError } from './event-store.ts';
import {
  type FenceNames,
  fencedSelect,
  insertQueryId,
  killStatement,
  ownerQuery,
  runningInsertsQuery,
  takeStatement,
} from './fence-statements.ts';

export interface FenceConfig extends FenceNames {
  readonly partition: number;
  /** Says in the table who it was: host and process. */
  readonly holder: string;
}

export interface FenceDeps {
  readonly client: ClickHouseClient;
  readonly failpoint: Failpoint;
}

/** Holds one partition of the stream against other writers, wherever they run. */
export interface Fence {
  readonly partition: number;
  /**
   * Takes the partition from whoever had it. When it resolves no earlier insert of it is running, none will begin,
   * and what the table holds stands still until this owner writes.
   * @throws PartitionLostError when another process took it at the same moment.
   */
  take(): Promise<void>;
  /** Body of an INSERT ... SELECT that writes its rows only while the partition is held. */
  select(structure: string): string;
  nextQueryId(): string;
  /** @throws PartitionLostError when the store wrote none of the rows; Error when it cannot be told. */
  checkWritten(sent: number, written: number | undefined): void;
}

const waitMs = 100;
const maxWaits = 300;

/**
 * Why it is exact: an insert is in the server's list of processes before its fence is evaluated. So after the new
 * owner's row is there, every older insert is either seen running, and waited for, or it will read the new owner and
 * write nothing. The owner's name is new with each take, so that the process's own late inserts are refused too.
 */
export function createFence(config: FenceConfig, { client, failpoint }: FenceDeps): Fence {
  const { partition } = config;
  let owner = '';
  let inserts = 0;

  async function rows<T>(query: string): Promise<T[]> {
    return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
  }

  async function waitForOlderInserts(): Promise<void> {
    for (let wait = 0; wait < maxWaits; wait += 1) {
      const running = await rows<{ query_id: string }>(runningInsertsQuery(config, partition, owner));
      if (running.length === 0) return;
      if (wait === 0) await client.command({ query: killStatement(config, partition, owner) });
      await pass(waitMs);
    }
    throw new Error(`an older insert of partition ${partition} is still running`);
  }

  return {
    partition,
    async take() {
      owner = `${config.holder}-${randomUUID().slice(0, 8)}`;
      inserts = 0;
      await client.command({ query: takeStatement(partition, owner) });
      failpoint('take.written');
      const [highest] = await rows<{ owner: string }>(ownerQuery(partition));
      if (highest?.owner !== owner)
        throw new PartitionLostError(`partition ${partition} was taken by ${highest?.owner}`);
      await waitForOlderInserts();
      failpoint('take.waited');
    },
    select: (structure) => fencedSelect(partition, owner, structure),
    nextQueryId() {
      inserts += 1;
      return insertQueryId(partition, owner, inserts);
    },
    checkWritten(sent, written) {
      if (written === sent) return;
      if (written === 0)
        throw new PartitionLostError(`partition ${partition} belongs to another process now`);
      throw new Error(`${sent} rows were sent and ${written ?? 'an unknown number'} written`);
    },
  };
}
