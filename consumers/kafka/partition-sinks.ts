import { createSemaphore, type Semaphore } from '../../src/platform/background/semaphore.ts';
import { waitAtMost, withTimeLimit } from '../../src/platform/background/time-limit.ts';
import { messageOf } from '../../src/platform/errors/errors.ts';
import { createLimitedLog, type LimitedLog } from '../../src/platform/limited-log.ts';
import { createOpenPartition, type OpenPartition, type OpenPartitionDeps } from './open-partition.ts';
import type { FetchedMessages } from './partition-feed.ts';

/**
 * Number of messages that may wait in memory, shared by all partitions. The garbage collector copies waiting
 * messages repeatedly, so a larger number costs more than it gains.
 */
const readAheadMessages = 120_000;
const minRowsPerPartition = 1000;
const retryMs = 1000;

export interface PartitionSinksConfig {
  readonly maxRows: number;
  readonly lingerMs: number;
  /** Maximum number of concurrent inserts over all partitions. */
  readonly maxInserts: number;
  /**
   * Wait after another process has taken a partition. After the wait, this process takes the partition back, if the
   * group still assigns it to this process.
   */
  readonly lostWaitMs: number;
  /**
   * Time limit for reading a partition's start offset. After this time, opening the partition fails and is retried.
   */
  readonly openTimeoutMs: number;
}

export type PartitionSinksDeps = Omit<OpenPartitionDeps, 'inserts' | 'onLost'>;

export interface PartitionSinks {
  /**
   * Sets the partitions that are assigned to this process. Partitions that stay assigned are not interrupted.
   */
  assign(partitions: readonly number[]): void;
  offer(partition: number, fetched: FetchedMessages): void;
  /** Returns the problem of the first partition that has one, or undefined. */
  trouble(): string | undefined;
  partitions(): readonly number[];
  /** Stores the current batches and stops. */
  stop(): Promise<void>;
}

interface SinksState {
  readonly config: PartitionSinksConfig;
  readonly deps: PartitionSinksDeps;
  readonly inserts: Semaphore;
  readonly open: Map<number, OpenPartition>;
  /** Partitions whose sink is starting or stopping. */
  readonly changing: Map<number, Promise<void>>;
  /** Partitions whose sink could not start, with the reason. Each is retried every second. */
  readonly failing: Map<number, string>;
  readonly failureLog: LimitedLog;
  /** Undefined until this process has joined the group. */
  assigned: ReadonlySet<number> | undefined;
  isStopped: boolean;
  /** Resolves when `stop` is called. */
  readonly stopRequested: Promise<undefined>;
  readonly requestStop: () => void;
}

/**
 * Creates one sink for each partition that the group has assigned to this process (docs/explanation/delivery.md,
 * section 5). The assignment alone does not protect against two writers. Each sink therefore takes ownership of its
 * partition in the store, and the store rejects writes by earlier owners.
 */
export function createPartitionSinks(config: PartitionSinksConfig, deps: PartitionSinksDeps): PartitionSinks {
  const sinks = createSinksState(config, deps);
  return {
    assign(partitions) {
      deps.metrics.assignments.inc();
      const assigned = new Set(partitions);
      sinks.assigned = assigned;
      for (const partition of sinks.failing.keys())
        if (!assigned.has(partition)) sinks.failing.delete(partition);
      reconcileAll(sinks);
    },
    offer: (partition, fetched) => offer(sinks, partition, fetched),
    trouble: () => firstTrouble(sinks),
    partitions: () => [...sinks.open.keys()],
    async stop() {
      sinks.isStopped = true;
      sinks.requestStop();
      reconcileAll(sinks);
      while (sinks.changing.size > 0) await Promise.all(sinks.changing.values());
    },
  };
}

function createSinksState(config: PartitionSinksConfig, deps: PartitionSinksDeps): SinksState {
  let requestStop = () => {};
  const stopRequested = new Promise<undefined>((resolve) => {
    requestStop = () => resolve(undefined);
  });
  return {
    ...{ config, deps, inserts: createSemaphore(config.maxInserts) },
    ...{ open: new Map(), changing: new Map(), failing: new Map() },
    failureLog: createLimitedLog(deps.logger, { level: 'error' }),
    ...{ assigned: undefined, isStopped: false, stopRequested, requestStop },
  };
}

function reconcileAll(sinks: SinksState): void {
  for (const partition of new Set([...(sinks.assigned ?? []), ...sinks.open.keys()]))
    reconcile(sinks, partition);
}

/**
 * Starts or stops the sink of a partition to match the assignment. The changes of a partition run one after the
 * other.
 */
function reconcile(sinks: SinksState, partition: number): void {
  if (sinks.changing.has(partition)) return;
  const shouldBeOpen = sinks.assigned?.has(partition) === true && !sinks.isStopped;
  const current = sinks.open.get(partition);
  if (shouldBeOpen === (current !== undefined)) return;
  const change = current === undefined ? open(sinks, partition) : close(sinks, partition, current);
  startChange(
    sinks,
    partition,
    change.catch((error) => retryLater(sinks, partition, error)),
  );
}

function startChange(sinks: SinksState, partition: number, change: Promise<void>): void {
  const tracked = change.finally(() => {
    sinks.changing.delete(partition);
    reconcile(sinks, partition);
  });
  sinks.changing.set(partition, tracked);
}

async function open(sinks: SinksState, partition: number): Promise<void> {
  const { config, deps } = sinks;
  const { feed, logger } = deps;
  // `stopRequested` wins the race if a broker does not respond, so that the broker does not delay shutdown.
  const reading = withTimeLimit(config.openTimeoutMs, feed.startOffset(partition));
  const startOffset = await Promise.race([reading, sinks.stopRequested]);
  if (startOffset === undefined) return;
  const opened = createOpenPartition(
    { partition, startOffset, maxRows: rowsPerPartition(sinks), lingerMs: config.lingerMs },
    { ...deps, inserts: sinks.inserts, onLost: () => lose(sinks, partition) },
  );
  sinks.failing.delete(partition);
  if (sinks.failing.size === 0) sinks.failureLog.end();
  sinks.open.set(partition, opened);
  // Fetches messages again that arrived before the sink existed.
  feed.seek(partition, startOffset);
  feed.resume(partition);
  opened.sink.start();
  logger.info({ partition, startOffset }, 'partition opened');
}

function rowsPerPartition({ config, assigned }: SinksState): number {
  const share = Math.floor(readAheadMessages / Math.max(1, assigned?.size ?? 0));
  return Math.max(minRowsPerPartition, Math.min(config.maxRows, share));
}

async function close(sinks: SinksState, partition: number, { sink }: OpenPartition): Promise<void> {
  sinks.open.delete(partition);
  await sink.stop();
  sinks.deps.logger.info({ partition }, 'partition closed');
}

async function retryLater(sinks: SinksState, partition: number, error: unknown): Promise<void> {
  const reason = messageOf(error);
  sinks.failureLog.write(
    `${partition} ${reason}`,
    { err: error, partition },
    'a partition could not be opened',
  );
  sinks.failing.set(partition, reason);
  await waitAtMost(retryMs, sinks.stopRequested);
}

function offer(
  sinks: SinksState,
  partition: number,
  { messages, fetchedOffset, highWatermark }: FetchedMessages,
): void {
  const current = sinks.open.get(partition);
  if (current === undefined) return;
  if (highWatermark < current.buffer.expectedOffset()) {
    reopen(sinks, partition, current);
    return;
  }
  const seekTo = current.buffer.offer(messages, fetchedOffset);
  if (seekTo !== undefined) sinks.deps.feed.seek(partition, seekTo);
}

/**
 * Restarts a partition whose topic ends before the position that was read, because the topic was deleted and
 * created again.
 */
function reopen(sinks: SinksState, partition: number, current: OpenPartition): void {
  if (sinks.changing.has(partition)) return;
  sinks.deps.logger.warn(
    { partition },
    'the topic is shorter than what was read of it: reading starts again',
  );
  startChange(sinks, partition, close(sinks, partition, current));
}

function lose(sinks: SinksState, partition: number): void {
  const { deps, config } = sinks;
  deps.logger.warn({ partition }, 'another process has taken the partition');
  sinks.open.delete(partition);
  // `reconcile` does not start the sink again if the group has assigned the partition to another process.
  setTimeout(() => reconcile(sinks, partition), config.lostWaitMs).unref();
}

function firstTrouble({ assigned, failing, open }: SinksState): string | undefined {
  if (assigned === undefined) return 'has not joined the consumer group yet';
  for (const [partition, reason] of failing) return `partition ${partition} cannot be opened: ${reason}`;
  for (const [partition, { sink }] of open) {
    const trouble = sink.trouble();
    if (trouble !== undefined) return `partition ${partition}: ${trouble}`;
  }
  return undefined;
}
