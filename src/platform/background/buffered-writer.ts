/** What a buffered writer needs to know of its items. */
export interface BufferedWriterConfig<Item> {
  /**
   * Writes items, all of them or none. When it rejects, the writer keeps these items for the next flush.
   */
  write(items: readonly Item[]): Promise<void>;
  /** Runs at the end of a flush that wrote items. When it rejects, the flush does too, but the items stay written. */
  afterFlush?(): Promise<void>;
  /** Returns the identity of an item. Items of the same key are merged. Default: the item, so that each is alone. */
  keyOf?(item: Item): unknown;
  /** Returns one item for two of the same key. Default: the newer one. */
  merge?(older: Item, newer: Item): Item;
  /** The most items in the buffer, so that an outage of the store does not fill the memory. Default: no limit. */
  readonly maxItems?: number;
  /** The most items of one `write`. Default: all that are in the buffer. */
  readonly maxBatch?: number;
}

/** A buffer in front of a slow store. */
export interface BufferedWriter<Item> {
  /**
   * Buffers an item and returns at once. Returns false when the buffer is full and the item is dropped. An item
   * that merges with a buffered one always fits.
   */
  add(item: Item): boolean;
  /**
   * Writes all items that were added before this call. Flushes run one after the other.
   * @throws the error of `write`. The items that were not written are kept for the next flush.
   */
  flush(): Promise<void>;
}

/**
 * Returns a writer that buffers items in memory until `flush`. Items of a failed write move behind the others, so
 * that one item that the store refuses does not block the rest.
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
    for (let left = buffer.size; left > 0; ) {
      // Taken off before the write: an item that is added meanwhile is written by the next flush.
      const taken = take(Math.min(left, maxBatch));
      left -= taken.size;
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
