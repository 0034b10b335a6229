interface PartitionOffsets {
  /** Offset of the next message that Kafka appends. */
  high: number;
  /** All messages with lower offsets are stored. */
  stored: number;
}

/** Counts messages that are in Kafka or fetched, but not yet stored. */
export interface Lag {
  /** Sets the committed offset of a partition. All messages with lower offsets are stored. */
  startsAt(partition: number, offset: number): void;
  fetched(partition: number, firstOffset: number, high: number): void;
  stored(partition: number, nextOffset: number): void;
  /** Drops partitions that now belong to other processes. */
  keepOnly(assigned: readonly number[]): void;
  /** Returns how many messages of all partitions are not stored yet. */
  sum(): number;
  /** Returns how many messages of each partition are not stored yet. */
  byPartition(): readonly (readonly [partition: string, messages: number])[];
}

/** Creates a lag without partitions. It counts the messages of a partition up to the partition's last fetch. */
export function createLag(): Lag {
  const partitions = new Map<number, PartitionOffsets>();
  return {
    startsAt(partition, offset) {
      const high = partitions.get(partition)?.high ?? offset;
      partitions.set(partition, { high, stored: offset });
    },
    fetched(partition, firstOffset, high) {
      const offsets = partitions.get(partition);
      if (offsets === undefined) partitions.set(partition, { high, stored: firstOffset });
      else offsets.high = high;
    },
    stored(partition, nextOffset) {
      const offsets = partitions.get(partition);
      if (offsets !== undefined) offsets.stored = nextOffset;
    },
    keepOnly(assigned) {
      for (const partition of partitions.keys())
        if (!assigned.includes(partition)) partitions.delete(partition);
    },
    sum: () => [...partitions.values()].reduce((sum, offsets) => sum + lagOf(offsets), 0),
    byPartition: () =>
      [...partitions].map(([partition, offsets]) => [String(partition), lagOf(offsets)] as const),
  };
}

function lagOf({ high, stored }: PartitionOffsets): number {
  return Math.max(0, high - stored);
}
