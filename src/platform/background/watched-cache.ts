/** A store whose content a process keeps in memory, and how to see that another process changed it. */
export interface WatchedSource<Value> {
  /** Reads a number that every change of the store raises. Without it, each refresh reloads. */
  revision?(): Promise<number>;
  /** Returns a value without content, for `load`. */
  createEmpty(): Value;
  /** Reads everything into a value that `createEmpty` returned. */
  load(into: Value): Promise<void>;
  /** Reads what changed after a revision, and returns how to apply it. Without it, each change reloads. */
  readChanges?(sinceRevision: number): Promise<(value: Value) => void>;
}

/** The content of a store in memory, so that a request reads no store. */
export interface WatchedCache<Value> {
  value(): Value;
  /** Changes the value at once, and also the values that are being loaded: a reload does not undo the change. */
  apply(change: (value: Value) => void): void;
  /** Reads what other processes changed. When the store fails, the value stays as it is. */
  refresh(): Promise<void>;
  /** Reads everything. What the store had when this was called is in the value when it resolves. */
  reload(): Promise<void>;
}

/** Returns a cache that holds what the source has now. @throws the error of the source when it cannot be read. */
export async function createWatchedCache<Value>(source: WatchedSource<Value>): Promise<WatchedCache<Value>> {
  const readRevision = async () => source.revision?.();
  const loading = new Set<Value>();
  let value = source.createEmpty();
  let revision: number | undefined;
  let startedReloads = 0;
  let newestReload = 0;

  async function reload(): Promise<void> {
    startedReloads += 1;
    const order = startedReloads;
    const loaded = source.createEmpty();
    loading.add(loaded);
    try {
      // Before the content: what changes between the two reads is then read twice, not missed.
      const loadedRevision = await readRevision();
      await source.load(loaded);
      // Reloads may overtake each other, and the older one must not undo the newer one. Their order decides, not the
      // revision, which goes back when a backup is restored.
      if (order < newestReload) return;
      newestReload = order;
      value = loaded;
      revision = loadedRevision;
    } finally {
      loading.delete(loaded);
    }
  }

  function apply(change: (value: Value) => void): void {
    change(value);
    for (const loaded of loading) change(loaded);
  }

  async function refresh(): Promise<void> {
    const current = await readRevision();
    if (current === undefined || revision === undefined) return reload();
    if (current === revision) return;
    // A revision goes back when a backup is restored: the changes after it are not all that is new.
    if (current < revision || source.readChanges === undefined) return reload();
    apply(await source.readChanges(revision));
    revision = current;
  }

  await reload();
  return { value: () => value, apply, refresh, reload };
}
