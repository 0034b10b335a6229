/** Yields consecutive chunks of a list, each with at most `size` items. */
export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/**
 * Creates a function that schedules `work` for the end of the current event loop turn. However often it is called in
 * one turn, `work` runs once.
 */
export function oncePerTurn(work: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      work();
    });
  };
}

export interface TurnBatchConfig<Item> {
  handle(items: readonly Item[]): void;
  /** Maximum number of items per turn. Further items wait until the next turn. Default: no limit. */
  readonly maxItems?: number;
}

/**
 * Creates a function that collects the items of one event loop turn, in order, and passes them to `handle` in
 * one call.
 */
export function createTurnBatch<Item>(config: TurnBatchConfig<Item>): (item: Item) => void {
  const { handle, maxItems = Number.POSITIVE_INFINITY } = config;
  const queue: Item[] = [];
  const schedule = oncePerTurn(() => {
    const batch = queue.splice(0, maxItems);
    if (queue.length > 0) schedule();
    handle(batch);
  });
  return (item) => {
    queue.push(item);
    schedule();
  };
}
