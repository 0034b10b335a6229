import type { SourceMessage } from '../sources/source.ts';

/** Gives the partition sinks access to the Kafka client. */
export interface PartitionFeed {
  /** Returns the offset at which to start: the committed offset, if the topic still has it. */
  startOffset(partition: number): Promise<number>;
  commit(partition: number, nextOffset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
  seek(partition: number, offset: number): void;
}

/** The result of one fetch. */
export interface FetchedMessages {
  readonly messages: readonly SourceMessage[];
  /** The requested offset of the fetch. */
  readonly fetchedOffset: number;
  /** Offset of the next message that Kafka appends to the partition. */
  readonly highWatermark: number;
}
