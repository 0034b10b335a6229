interface PartitionOffsets {
  /** The offset that the next message will get. */
  high: number;
  /** Everything before this offset is stored. */
  stored: number;
}

/** How many messages are fetched or waiting in Kafka and not yet stored. */
export interface Lag {
  /** Records the hint of the group: everything before `offset` is stored. */
  startsAt(partition: number, offset: number): void;
  fetched(partition: number, firstOffset: number, high: number): void;
  stored(partition: number, nextOffset: number): void;
  /** Drops partitions that belong to other processes now. */
  keepOnly(assigned: readonly number[]): void;
  /** Returns the lag of all partitions. */
  sum(): number;
}

/** Creates the lag of this process, as of the last fetch of each partition. */
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
    sum: () =>
      [...partitions.values()].reduce((sum, { high, stored }) => sum + Math.max(0, high - stored), 0),
  };
}
