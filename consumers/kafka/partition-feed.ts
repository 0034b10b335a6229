import type { SourceMessage } from '../sources/source.ts';

/** What the partitions of this process need from the Kafka client. */
export interface PartitionFeed {
  /** Returns the offset at which to start: the committed one, if the topic still has it. */
  startOffset(partition: number): Promise<number>;
  commit(partition: number, nextOffset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
  seek(partition: number, offset: number): void;
}

/** The result of one fetch. */
export interface FetchedMessages {
  readonly messages: readonly SourceMessage[];
  /** The offset that the fetch asked for. */
  readonly fetchedOffset: number;
  /** The offset that the next message of the partition will get. */
  readonly highWatermark: number;
}
