/** How far storing is behind what was fetched, by partition. */
export function createLag() {
  const partitions = new Map<number, { high: number; stored: number }>();
  return {
    /** All before is stored, as the group's hint says. */
    startsAt(partition: number, offset: number) {
      const high = partitions.get(partition)?.high ?? offset;
      partitions.set(partition, { high, stored: offset });
    },
    fetched(partition: number, firstOffset: number, high: number) {
      const known = partitions.get(partition);
      if (known === undefined) partitions.set(partition, { high, stored: firstOffset });
      else known.high = high;
    },
    stored(partition: number, nextOffset: number) {
      const known = partitions.get(partition);
      if (known !== undefined) known.stored = nextOffset;
    },
    keepOnly(assigned: readonly number[]) {
      for (const partition of partitions.keys())
        if (!assigned.includes(partition)) partitions.delete(partition);
    },
    sum: () =>
      [...partitions.values()].reduce((sum, { high, stored }) => sum + Math.max(0, high - stored), 0),
  };
}
