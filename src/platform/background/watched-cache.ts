/** A store whose content a process caches. It also detects changes by other processes. */
export interface WatchedSource<Value> {
  /**
   * Reads the revision. Every change of the store increments it. Without this method, each refresh reloads
   * everything.
   */
  revision?(): Promise<number>;
  /** Creates an empty value, which `load` fills. */
  createEmpty(): Value;
  /** Reads the whole store into a value from `createEmpty`. */
  load(into: Value): Promise<void>;
  /**
   * Reads the changes after a revision and returns a function that applies them. Without this method, each
   * change causes a reload.
   */
  readChanges?(sinceRevision: number): Promise<(value: Value) => void>;
}

/** Caches the whole content of a store, so that requests do not read the store. */
export interface WatchedCache<Value> {
  value(): Value;
  /** Applies a change to the value, and to reloads in progress, so that a reload does not undo the change. */
  apply(change: (value: Value) => void): void;
  /** Reads the changes by other processes. If the store fails, it rejects and keeps the value. */
  refresh(): Promise<void>;
  /** Reads the whole store. When it resolves, the value contains every change from before this call. */
  reload(): Promise<void>;
}

/** Creates a cache and fills it from the source. @throws the error of the source if it cannot be read. */
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
      // Read the revision before the content, so that a change between the two reads is read twice instead of
      // missed.
      const loadedRevision = await readRevision();
      await source.load(loaded);
      // An older reload may complete after a newer one and must not undo it. The order of the calls decides,
      // because the revision decreases when a backup is restored.
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
    // The revision decreases when a backup is restored. The change list since the old revision is then
    // incomplete.
    if (current < revision || source.readChanges === undefined) return reload();
    apply(await source.readChanges(revision));
    revision = current;
  }

  await reload();
  return { value: () => value, apply, refresh, reload };
}
