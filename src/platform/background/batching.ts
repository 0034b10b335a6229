/** Returns consecutive parts of a list, each of at most `size` items. */
export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Returns a function that runs `work` at the end of the current turn of the event loop, once however often it is called. */
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
  /** The most items of one turn; the others wait for the next turn. Default: no limit. */
  readonly maxItems?: number;
}

/** Returns a function that gathers the items of one turn of the event loop, in order, for one call of `handle`. */
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
