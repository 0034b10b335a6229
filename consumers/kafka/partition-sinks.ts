import { createSlots } from '../../src/platform/background/semaphore.ts';
import { atMost } from '../../src/platform/background/time-limit.ts';
import { messageOf } from '../../src/platform/errors/errors.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { Metrics } from '../../src/platform/metrics.ts';
import { createSink, type Sink } from '../sink/sink.ts';
import type { EventStore } from '../store/event-store.ts';
import { createPartitionBuffer, type PartitionBuffer } from './partition-buffer.ts';
import type { FetchedMessages, PartitionFeed } from './partition-feed.ts';

/** What may wait in memory, shared by the partitions: more of it is copied by the garbage collector again and again. */
const readAheadMessages = 120_000;

export interface PartitionSinksConfig {
  readonly maxRows: number;
  readonly lingerMs: number;
  /** How many inserts may run at once, over all partitions. */
  readonly maxInserts: number;
  /** How long to leave a partition alone that another process took, before it is taken back if it is still ours. */
  readonly lostWaitMs: number;
}

export interface PartitionSinksDeps {
  readonly feed: PartitionFeed;
  /** A store that holds the partition against others by itself. */
  readonly openStore: (partition: number) => EventStore;
  readonly sourceName: string;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface PartitionSinks {
  /** These partitions are ours from now on, and no others. Kept ones go on undisturbed. */
  assign(partitions: readonly number[]): void;
  offer(partition: number, fetched: FetchedMessages): void;
  /** What is wrong with a partition, of the first one that has trouble. */
  trouble(): string | undefined;
  partitions(): readonly number[];
  /** Stores what is under way and stops. */
  stop(): Promise<void>;
}

interface OpenPartition {
  readonly buffer: PartitionBuffer;
  readonly sink: Sink;
}

/**
 * One sink for each partition that the group has given to this process (docs/explanation/delivery.md, 5). The group only
 * suggests: each sink takes its partition in the store, and the store refuses it when another has taken it since.
 */
export function createPartitionSinks(config: PartitionSinksConfig, deps: PartitionSinksDeps): PartitionSinks {
  const { feed, logger } = deps;
  const slots = createSlots(config.maxInserts);
  const open = new Map<number, OpenPartition>();
  /** Partitions whose last sink is still ending, or whose start is being looked up. */
  const changing = new Map<number, Promise<void>>();
  /** Why partitions could not be opened; tried again each second. */
  const failing = new Map<number, string>();
  let assigned: Set<number> | undefined;
  let stopped = false;
  let announceStop = () => {};
  const stopRequested = new Promise<undefined>((resolve) => {
    announceStop = () => resolve(undefined);
  });

  const rowsPerPartition = () =>
    Math.max(
      1000,
      Math.min(config.maxRows, Math.floor(readAheadMessages / Math.max(1, assigned?.size ?? 0))),
    );

  function settle(partition: number): void {
    if (changing.has(partition)) return;
    const wanted = assigned?.has(partition) === true && !stopped;
    const current = open.get(partition);
    if (wanted === (current !== undefined)) return;
    const change = (current === undefined ? openPartition(partition) : closePartition(partition, current))
      .catch((error) => retryLater(partition, error))
      .finally(() => {
        changing.delete(partition);
        settle(partition);
      });
    changing.set(partition, change);
  }

  async function openPartition(partition: number): Promise<void> {
    // A broker that does not answer must not hold up a stop.
    const startOffset = await Promise.race([feed.startOffset(partition), stopRequested]);
    if (startOffset === undefined) return;
    const rows = rowsPerPartition();
    const buffer = createPartitionBuffer(
      { name: `${deps.sourceName}/${partition}`, startOffset, limitMessages: rows },
      {
        commit: (offset) => feed.commit(partition, offset),
        pause: () => feed.pause(partition),
        resume: () => feed.resume(partition),
      },
    );
    const sink = createSink(
      { maxRows: rows, lingerMs: config.lingerMs },
      { ...deps, source: buffer, store: withSlots(deps.openStore(partition)), onLost: () => lose(partition) },
    );
    failing.delete(partition);
    open.set(partition, { buffer, sink });
    // What was fetched before the sink was there is fetched again.
    feed.seek(partition, startOffset);
    feed.resume(partition);
    sink.start();
    logger.info({ partition, startOffset }, 'partition opened');
  }

  async function closePartition(partition: number, { sink }: OpenPartition): Promise<void> {
    open.delete(partition);
    await sink.stop();
    logger.info({ partition }, 'partition closed');
  }

  /** The topic ends before what was read of it already: it was made anew, and begins anew. */
  function reopen(partition: number, current: OpenPartition): void {
    if (changing.has(partition)) return;
    logger.warn({ partition }, 'the topic is shorter than what was read of it: it begins anew');
    const change = closePartition(partition, current).finally(() => {
      changing.delete(partition);
      settle(partition);
    });
    changing.set(partition, change);
  }

  function withSlots(store: EventStore): EventStore {
    return { ...store, insert: (rows) => slots.run(() => store.insert(rows)) };
  }

  function lose(partition: number): void {
    logger.warn({ partition }, 'another process has taken the partition');
    open.delete(partition);
    // The group tells whom it belongs to; where it says nothing new, it is still ours.
    setTimeout(() => settle(partition), config.lostWaitMs).unref();
  }

  async function retryLater(partition: number, error: unknown): Promise<void> {
    logger.error({ err: error, partition }, 'a partition could not be opened');
    failing.set(partition, messageOf(error));
    await atMost(1000, stopRequested);
  }

  function settleAll(): void {
    for (const partition of new Set([...(assigned ?? []), ...open.keys()])) settle(partition);
  }

  return {
    assign(partitions) {
      assigned = new Set(partitions);
      for (const partition of failing.keys()) if (!assigned.has(partition)) failing.delete(partition);
      settleAll();
    },
    offer(partition, { messages, fetchedOffset, highWatermark }) {
      const current = open.get(partition);
      if (current === undefined) return;
      if (highWatermark < current.buffer.expectedOffset()) return reopen(partition, current);
      const from = current.buffer.offer(messages, fetchedOffset);
      if (from !== undefined) feed.seek(partition, from);
    },
    trouble() {
      if (assigned === undefined) return 'has not joined the consumer group yet';
      for (const [partition, reason] of failing) return `partition ${partition} cannot be opened: ${reason}`;
      for (const [partition, { sink }] of open) {
        const trouble = sink.trouble();
        if (trouble !== undefined) return `partition ${partition}: ${trouble}`;
      }
      return undefined;
    },
    partitions: () => [...open.keys()],
    async stop() {
      stopped = true;
      announceStop();
      settleAll();
      while (changing.size > 0) await Promise.all(changing.values());
    },
  };
}
