/** How a buffered writer stores and merges its items. */
export interface BufferedWriterConfig<Item> {
  /** Writes either all items or none. If it rejects, the writer buffers these items for the next flush. */
  write(items: readonly Item[]): Promise<void>;
  /**
   * Called at the end of a flush that wrote items. If it rejects, the flush rejects too, although the items were
   * written.
   */
  afterFlush?(): Promise<void>;
  /**
   * Returns the key of an item. Items with the same key are merged. By default, each item is its own key, so items
   * are not merged.
   */
  keyOf?(item: Item): unknown;
  /** Merges two items with the same key. Default: keeps the newer item. */
  merge?(older: Item, newer: Item): Item;
  /** Maximum number of buffered items, to bound memory while the store is unavailable. Default: no limit. */
  readonly maxItems?: number;
  /** Maximum number of items per `write`. Default: all items in the buffer. */
  readonly maxBatch?: number;
}

/** Buffers items in memory, so that callers do not wait for a slow store. */
export interface BufferedWriter<Item> {
  /**
   * Adds an item. If the buffer is full, drops the item and returns false. An item that merges with a buffered item
   * always fits.
   */
  add(item: Item): boolean;
  /**
   * Writes all items that were added before this call. Flushes run one after the other.
   * @throws the error of `write`. Items that were not written stay in the buffer for the next flush.
   */
  flush(): Promise<void>;
}

/**
 * Creates a writer that buffers items in memory until `flush`. Items of a failed write move to the end of the
 * buffer, so an item that the store rejects does not block the others.
 */
export function createBufferedWriter<Item>(config: BufferedWriterConfig<Item>): BufferedWriter<Item> {
  const { write, keyOf = (item) => item, merge = (_, newer) => newer } = config;
  const { maxItems = Number.POSITIVE_INFINITY, maxBatch = Number.POSITIVE_INFINITY } = config;
  const buffer = new Map<unknown, Item>();
  let flushing: Promise<void> = Promise.resolve();

  function take(count: number): Map<unknown, Item> {
    const taken = new Map<unknown, Item>();
    for (const [key, item] of buffer) {
      if (taken.size === count) break;
      taken.set(key, item);
      buffer.delete(key);
    }
    return taken;
  }

  function putBack(taken: ReadonlyMap<unknown, Item>): void {
    for (const [key, item] of taken) {
      const newer = buffer.get(key);
      buffer.set(key, newer === undefined ? item : merge(item, newer));
    }
  }

  async function writeAll(): Promise<void> {
    if (buffer.size === 0) return;
    for (let remaining = buffer.size; remaining > 0; ) {
      // The items are removed before the write, so that an item added during the write goes into the next flush.
      const taken = take(Math.min(remaining, maxBatch));
      remaining -= taken.size;
      try {
        await write([...taken.values()]);
      } catch (error) {
        putBack(taken);
        throw error;
      }
    }
    await config.afterFlush?.();
  }

  return {
    add(item) {
      const key = keyOf(item);
      const older = buffer.get(key);
      if (older === undefined && buffer.size >= maxItems) return false;
      buffer.set(key, older === undefined ? item : merge(older, item));
      return true;
    },
    flush() {
      flushing = flushing.catch(() => undefined).then(writeAll);
      return flushing;
    },
  };
}
