import { describe, expect, it } from 'vitest';
import { createWatchedCache, type WatchedSource } from '../../../../src/platform/background/watched-cache.ts';

/** Creates a store of names with a revision. `reads` counts its complete loads. */
function createStore() {
  const store = {
    names: ['a'],
    revision: 1,
    reads: 0,
    isAway: false,
    hold: async () => {},
    add(name: string): void {
      store.names = [...store.names, name];
      store.revision += 1;
    },
  };
  const source: Required<WatchedSource<Set<string>>> = {
    async revision() {
      if (store.isAway) throw new Error('away');
      return store.revision;
    },
    createEmpty: () => new Set(),
    async load(into) {
      store.reads += 1;
      for (const name of store.names) into.add(name);
      await store.hold();
    },
    async readChanges(sinceRevision) {
      const added = store.names.slice(sinceRevision);
      return (value) => {
        for (const name of added) value.add(name);
      };
    },
  };
  const { readChanges: _, ...reloading } = source;
  return { store, source, reloading };
}

/** Blocks the next load after it has read the names. Returns a function that lets the load continue. */
function holdNextLoad(store: ReturnType<typeof createStore>['store']): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.hold = () => {
    store.hold = async () => {};
    return held;
  };
  return release;
}

describe('createWatchedCache', () => {
  it('caches the content of the store, and reads it again only after the revision has changed', async () => {
    const { store, reloading } = createStore();
    const cache = await createWatchedCache(reloading);
    await cache.refresh();
    expect([[...cache.value()], store.reads]).toEqual([['a'], 1]);
    store.add('b');
    await cache.refresh();
    expect([[...cache.value()], store.reads]).toEqual([['a', 'b'], 2]);
  });

  it('reads only the changes if the store can return them', async () => {
    const { store, source } = createStore();
    const cache = await createWatchedCache(source);
    store.add('b');
    await cache.refresh();
    expect([[...cache.value()], store.reads]).toEqual([['a', 'b'], 1]);
  });

  it('reloads after the revision has decreased, for example after a restored backup', async () => {
    const { store, source } = createStore();
    const cache = await createWatchedCache(source);
    Object.assign(store, { names: ['c'], revision: 0 });
    await cache.refresh();
    expect([...cache.value()]).toEqual(['c']);
  });

  it('reloads on each refresh if the store has no revision', async () => {
    const { store, source } = createStore();
    const cache = await createWatchedCache({ createEmpty: source.createEmpty, load: source.load });
    store.names = ['a', 'b'];
    await cache.refresh();
    expect([[...cache.value()], store.reads]).toEqual([['a', 'b'], 2]);
  });

  it('keeps its value while the store fails, and updates the value when the store works again', async () => {
    const { store, source } = createStore();
    const cache = await createWatchedCache(source);
    store.add('b');
    store.isAway = true;
    await expect(cache.refresh()).rejects.toThrow('away');
    await expect(cache.reload()).rejects.toThrow('away');
    expect([...cache.value()]).toEqual(['a']);
    store.isAway = false;
    await cache.refresh();
    expect([...cache.value()]).toEqual(['a', 'b']);
  });

  it('does not replace the result of a newer reload with the result of an older one', async () => {
    const { store, reloading } = createStore();
    const cache = await createWatchedCache(reloading);
    const release = holdNextLoad(store);
    const stale = cache.reload();
    await expect.poll(() => store.reads).toBe(2);
    store.add('b');
    await cache.reload();
    release();
    await stale;
    expect([...cache.value()]).toEqual(['a', 'b']);
    await cache.refresh();
    expect(store.reads).toBe(3);
  });

  it('does not lose a change that is applied during a reload', async () => {
    const { store, source } = createStore();
    const cache = await createWatchedCache(source);
    const release = holdNextLoad(store);
    const reloaded = cache.reload();
    await expect.poll(() => store.reads).toBe(2);
    cache.apply((value) => value.add('local'));
    store.add('b');
    await cache.refresh();
    expect([...cache.value()]).toEqual(['a', 'local', 'b']);
    release();
    await reloaded;
    expect([...cache.value()].sort()).toEqual(['a', 'b', 'local']);
  });

  it('fails if the first read of the store fails', async () => {
    const { store, source } = createStore();
    store.isAway = true;
    await expect(createWatchedCache(source)).rejects.toThrow('away');
  });
});
