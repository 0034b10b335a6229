import { createPeriodic, type Periodic } from '../../src/platform/background/periodic-task.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { createFence, type Fence, type FenceConfig, type FenceDeps } from '../store/clickhouse-fence.ts';
import { takeStatement } from '../store/statements/fence-statements.ts';

/** Prevents other processes from writing to the event table, or from converting it, during a conversion. */
export interface ConversionGuard {
  /** Claims the conversion for this process. @throws Error if another process converts the table. */
  take(): Promise<void>;
  /** Takes all stream partitions from their sinks. When the promise resolves, no insert is running. */
  holdStreams(): Promise<void>;
  /** @throws Error if this process has lost the claim or a stream partition to another process. */
  assertHeld(): Promise<void>;
  /** Returns the SQL condition that this process still has the claim. */
  condition(): string;
  /** Returns a query id for the next statement, or undefined if the statement needs none. */
  nextQueryId(): string | undefined;
  /**
   * Gives up the claim, so that another process can convert immediately. If a process is killed, the others must wait
   * until its claim is a minute old.
   */
  release(): Promise<void>;
}

/** Guard for the embedded engine, which only one process uses. */
export const noGuard: ConversionGuard = {
  take: async () => {},
  holdStreams: async () => {},
  assertHeld: async () => {},
  condition: () => '1',
  nextQueryId: () => undefined,
  release: async () => {},
};

/**
 * Number in the column `partition` of `partition_owners` that stands for the conversion. It is higher than every
 * partition of a stream.
 */
const conversionPartition = 4_294_967_295;
/** Age from which a claim that was not renewed no longer counts. Its process is then assumed to have ended. */
const leaseSeconds = 60;
const renewEveryMs = 15_000;

/**
 * Creates the guard for a ClickHouse server. The claim is a row in `partition_owners`, which its owner renews. A new
 * owner waits until the running statement of the previous owner has ended, as a sink does (clickhouse-fence.ts).
 */
export function createConversionGuard(
  config: Omit<FenceConfig, 'partition'>,
  deps: FenceDeps,
): ConversionGuard {
  const { client } = deps;
  const claim = createFence({ ...config, partition: conversionPartition }, deps);
  let streams: Fence[] = [];
  let renewal: Periodic | undefined;

  return {
    async take() {
      await assertUnclaimed(client);
      await claim.take();
      // A renewal that fails is repeated 15 s later. If the claim is lost, `assertHeld` throws.
      renewal = createPeriodic({ everyMs: renewEveryMs, keepsProcess: false }, () =>
        claim.renew().catch(() => {}),
      );
      renewal.start();
    },
    async holdStreams() {
      streams = [];
      for (const partition of await streamPartitions(client)) {
        const fence = createFence({ ...config, partition }, deps);
        await fence.take();
        streams.push(fence);
      }
    },
    async assertHeld() {
      if (!(await claim.isHeld())) throw new Error('another process has taken over the conversion');
      const known = new Set(streams.map(({ partition }) => partition));
      const partitions = await streamPartitions(client);
      const held = await Promise.all(streams.map((fence) => fence.isHeld()));
      if (partitions.some((partition) => !known.has(partition)) || held.includes(false))
        throw new Error(olderSinkRuns);
    },
    condition: claim.condition,
    nextQueryId: claim.nextQueryId,
    async release() {
      await renewal?.stop();
      if (await claim.isHeld()) await client.command({ query: takeStatement(conversionPartition, '') });
    },
  };
}

const olderSinkRuns =
  'a consumer of an older version still stores sessions: stop it, so that the event table can be converted';

async function assertUnclaimed(client: ClickHouseClient): Promise<void> {
  const query = `SELECT argMax(owner, (epoch, owner)) AS owner FROM partition_owners
    WHERE partition = ${conversionPartition} HAVING max(taken) > now64(3) - INTERVAL ${leaseSeconds} SECOND`;
  const [claim] = await (await client.query({ query, format: 'JSONEachRow' })).json<{ owner: string }>();
  if (claim !== undefined && claim.owner !== '')
    throw new Error(`${claim.owner} is converting the event table, or was until a minute ago`);
}

async function streamPartitions(client: ClickHouseClient): Promise<number[]> {
  const query = `SELECT DISTINCT partition FROM partition_owners WHERE partition != ${conversionPartition} ORDER BY partition`;
  const lines = await (await client.query({ query, format: 'JSONEachRow' })).json<{ partition: number }>();
  return lines.map(({ partition }) => Number(partition));
}
