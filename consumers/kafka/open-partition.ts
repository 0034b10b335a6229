import type { Semaphore } from '../../src/platform/background/semaphore.ts';
import { createSink, type Sink, type SinkDeps } from '../sink/sink.ts';
import type { EventStore } from '../store/event-store.ts';
import { createPartitionBuffer, type PartitionBuffer } from './partition-buffer.ts';
import type { PartitionFeed } from './partition-feed.ts';

/** A partition whose events this process stores. */
export interface OpenPartition {
  readonly buffer: PartitionBuffer;
  readonly sink: Sink;
}

export interface OpenPartitionConfig {
  readonly partition: number;
  readonly startOffset: number;
  /** Maximum number of messages in one batch, and of unread messages in the buffer. */
  readonly maxRows: number;
  readonly lingerMs: number;
}

export interface OpenPartitionDeps extends Pick<SinkDeps, 'watermarks' | 'failpoint' | 'logger' | 'metrics'> {
  readonly feed: PartitionFeed;
  /**
   * Creates the event store of a partition. The store rejects writes as soon as another process owns the partition.
   */
  readonly openStore: (partition: number) => EventStore;
  readonly sourceName: string;
  /** Limits the number of concurrent inserts over all partitions. */
  readonly inserts: Semaphore;
  readonly onLost: () => void;
}

/** Creates the buffer and the sink of a partition. The sink is not started yet. */
export function createOpenPartition(config: OpenPartitionConfig, deps: OpenPartitionDeps): OpenPartition {
  const { partition, startOffset, maxRows, lingerMs } = config;
  const { feed, inserts } = deps;
  const buffer = createPartitionBuffer(
    { name: `${deps.sourceName}/${partition}`, startOffset, limitMessages: maxRows },
    {
      commit: (offset) => feed.commit(partition, offset),
      pause: () => feed.pause(partition),
      resume: () => feed.resume(partition),
    },
  );
  const store = limitInserts(deps.openStore(partition), inserts);
  return { buffer, sink: createSink({ maxRows, lingerMs }, { ...deps, source: buffer, store }) };
}

function limitInserts(store: EventStore, inserts: Semaphore): EventStore {
  return { ...store, insert: (rows) => inserts.run(() => store.insert(rows)) };
}
