import { describe, expect, it } from 'vitest';
import { createBufferedWriter } from '../../../../src/platform/background/buffered-writer.ts';

interface Count {
  readonly name: string;
  readonly times: number;
}

const once = (name: string): Count => ({ name, times: 1 });

/** Creates a buffered writer for counts. Its store can reject or block writes. */
function setUp(limits: { maxItems?: number; maxBatch?: number } = {}) {
  const batches: string[][] = [];
  const store = { refuses: (_name: string) => false, hold: async () => {} };
  const writer = createBufferedWriter<Count>({
    ...limits,
    keyOf: ({ name }) => name,
    merge: (older, newer) => ({ ...newer, times: older.times + newer.times }),
    async write(items) {
      await store.hold();
      if (items.some(({ name }) => store.refuses(name))) throw new Error('away');
      batches.push(items.map(({ name, times }) => `${name}${times}`));
    },
  });
  return { batches, store, writer };
}

describe('createBufferedWriter', () => {
  it('merges items that have the same key, and writes the items in order', async () => {
    const { batches, writer } = setUp();
    for (const name of ['a', 'b', 'a']) writer.add(once(name));
    await writer.flush();
    await writer.flush();
    expect(batches).toEqual([['a2', 'b1']]);
  });

  it('does not merge items if they have no keys', async () => {
    const batches: (readonly object[])[] = [];
    const writer = createBufferedWriter<object>({
      write: async (items) => void batches.push(items),
    });
    writer.add({ name: 'a' });
    writer.add({ name: 'a' });
    await writer.flush();
    expect(batches).toEqual([[{ name: 'a' }, { name: 'a' }]]);
  });

  it('keeps items that the store rejects, merges them with newer items, and writes them once', async () => {
    const { batches, store, writer } = setUp();
    writer.add(once('a'));
    writer.add(once('b'));
    store.refuses = () => true;
    await expect(writer.flush()).rejects.toThrow('away');
    writer.add(once('b'));
    store.refuses = () => false;
    await writer.flush();
    expect(batches.flat().sort()).toEqual(['a1', 'b2']);
  });

  it('writes an item in the next flush if it was added during a write', async () => {
    const { batches, store, writer } = setUp();
    let release = () => {};
    store.hold = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    writer.add(once('a'));
    const first = writer.flush();
    await Promise.resolve();
    await Promise.resolve();
    writer.add(once('a'));
    store.hold = async () => {};
    release();
    await first;
    expect(batches).toEqual([['a1']]);
    await writer.flush();
    expect(batches).toEqual([['a1'], ['a1']]);
  });

  it('runs flushes one at a time, also after a failed flush', async () => {
    const { batches, store, writer } = setUp();
    store.refuses = (name) => name === 'a';
    writer.add(once('a'));
    const failed = writer.flush();
    const waiting = writer.flush();
    await expect(failed).rejects.toThrow('away');
    await expect(waiting).rejects.toThrow('away');
    store.refuses = () => false;
    await Promise.all([writer.flush(), writer.flush()]);
    expect(batches).toEqual([['a1']]);
  });

  it('is not blocked by an item that the store always rejects', async () => {
    const { batches, store, writer } = setUp({ maxBatch: 1 });
    store.refuses = (name) => name === 'a';
    for (const name of ['a', 'b', 'c']) writer.add(once(name));
    await expect(writer.flush()).rejects.toThrow('away');
    await expect(writer.flush()).rejects.toThrow('away');
    expect(batches).toEqual([['b1'], ['c1']]);
  });

  it('writes batches of at most the given size', async () => {
    const { batches, writer } = setUp({ maxBatch: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) writer.add(once(name));
    await writer.flush();
    expect(batches).toEqual([['a1', 'b1'], ['c1', 'd1'], ['e1']]);
  });

  it('drops items beyond its capacity, and returns false for them', async () => {
    const { batches, writer } = setUp({ maxItems: 2 });
    const fits = ['a', 'b', 'c', 'a'].map((name) => writer.add(once(name)));
    expect(fits).toEqual([true, true, false, true]);
    await writer.flush();
    expect(batches).toEqual([['a2', 'b1']]);
    expect(writer.add(once('c'))).toBe(true);
  });
});
