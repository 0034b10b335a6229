/** A store whose content a process caches, and in which other processes may change it. */
export interface WatchedSource<Value> {
  /**
   * Returns the store's revision, which every change increments. Without this method, each refresh reloads
   * everything.
   */
  revision?(): Promise<number>;
  /** Creates an empty value for `load`. */
  createEmpty(): Value;
  /** Reads the whole store into a value that `createEmpty` has created. */
  load(into: Value): Promise<void>;
  /**
   * Reads the changes after a revision, and returns a function that applies them to a value. Without this method,
   * each change causes a reload.
   */
  readChanges?(sinceRevision: number): Promise<(value: Value) => void>;
}

/** Caches the whole content of a store, so that requests do not read the store. */
export interface WatchedCache<Value> {
  value(): Value;
  /**
   * Applies a change to the value. The change is also applied to reloads in progress, so that they do not undo it.
   */
  apply(change: (value: Value) => void): void;
  /** Loads changes by other processes. If the store fails, it rejects and the value stays the same. */
  refresh(): Promise<void>;
  /**
   * Reads the whole store. When the promise resolves, the value contains every change that was stored before this
   * call.
   */
  reload(): Promise<void>;
}

/**
 * Creates a cache and loads the content of the store.
 * @throws the error of the source if it cannot be read.
 */
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
      // The revision is read before the content. A change between the two reads is then loaded twice, but not missed.
      const loadedRevision = await readRevision();
      await source.load(loaded);
      // An older reload may complete after a newer one, and must not replace the newer value. The order of the calls
      // is compared instead of the revision, because restoring a backup decreases the revision.
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
    // Restoring a backup decreases the revision. The changes since the cached revision are then incomplete, so
    // everything is reloaded.
    if (current < revision || source.readChanges === undefined) return reload();
    apply(await source.readChanges(revision));
    revision = current;
  }

  await reload();
  return { value: () => value, apply, refresh, reload };
}
