import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { chunksOf, createTurnBatch, oncePerTurn } from '../../../../src/platform/background/batching.ts';

it('chunksOf splits a list into chunks of the given size, and the last chunk can be shorter', () => {
  expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  expect([...chunksOf([1, 2], 2)]).toEqual([[1, 2]]);
  expect([...chunksOf([], 2)]).toEqual([]);
});

describe('oncePerTurn', () => {
  it('runs the callback once after the event-loop turn, however often it was requested', async () => {
    let runs = 0;
    const schedule = oncePerTurn(() => {
      runs += 1;
    });
    schedule();
    schedule();
    await Promise.resolve();
    expect(runs).toBe(0);
    await nextTurn();
    expect(runs).toBe(1);
    await nextTurn();
    expect(runs).toBe(1);
  });

  it('runs the callback again if the callback itself requests it', async () => {
    let runs = 0;
    const schedule = oncePerTurn(() => {
      runs += 1;
      if (runs < 3) schedule();
    });
    schedule();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(runs).toBe(3);
  });
});

describe('createTurnBatch', () => {
  it('processes the items of an event-loop turn in one batch, in order', async () => {
    const batches: (readonly number[])[] = [];
    const add = createTurnBatch<number>({ handle: (items) => void batches.push(items) });
    add(1);
    await Promise.resolve();
    add(2);
    await nextTurn();
    add(3);
    await nextTurn();
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('defers items beyond the batch limit to the next turns', async () => {
    const batches: (readonly number[])[] = [];
    const add = createTurnBatch<number>({ maxItems: 2, handle: (items) => void batches.push(items) });
    for (const item of [1, 2, 3, 4, 5]) add(item);
    await nextTurn();
    expect(batches).toEqual([[1, 2]]);
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });
});
