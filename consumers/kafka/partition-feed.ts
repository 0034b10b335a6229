import type { SourceMessage } from '../sources/source.ts';

/** The stream's side: what the sinks ask of whoever fetches. */
export interface PartitionFeed {
  /** Where the group's hint says to begin. */
  startOffset(partition: number): Promise<number>;
  commit(partition: number, nextOffset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
  seek(partition: number, offset: number): void;
}

/** What one fetch has brought. */
export interface FetchedMessages {
  readonly messages: readonly SourceMessage[];
  /** The offset that was asked for. */
  readonly fetchedOffset: number;
  /** The offset that the partition's next message will get. */
  readonly highWatermark: number;
}
