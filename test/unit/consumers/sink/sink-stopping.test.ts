import { expect, it } from 'vitest';
import type { StoreCall } from '../../../support/memory-event-store.ts';
import { arrive, sequencesIn, setUpSink } from './rig.ts';

/** Blocks all calls of the store method `heldCall`. `release` lets the last blocked call return with an outcome. */
function holdCalls(store: ReturnType<typeof setUpSink>['store'], heldCall: StoreCall) {
  let release = (_outcome: 'done' | 'failed') => {};
  store.outcome = (call) => (call === heldCall ? new Promise((resolve) => (release = resolve)) : 'done');
  return { release: (outcome: 'done' | 'failed' = 'done') => release(outcome) };
}

async function isSettled(
  promise: Promise<unknown>,
  advance: (ms: number) => Promise<void>,
  withinMs: number,
) {
  let settled = false;
  void promise.then(() => (settled = true));
  await advance(withinMs);
  return settled;
}

it('a stopping sink finishes the running insert, commits its position and reads no further messages', async () => {
  const { source, store, sink, advance } = setUpSink();
  const insert = holdCalls(store, 'insert');
  arrive(source, 1, 3);
  sink.start();
  await advance(10);
  const stopping = sink.stop();
  expect(await isSettled(stopping, advance, 60_000)).toBe(false);
  insert.release();
  expect(await isSettled(stopping, advance, 100)).toBe(true);
  arrive(source, 4, 6);
  await advance(60_000);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
  expect(source.hinted).toBe(2);
});

it('a stopping sink stops immediately when the running insert fails', async () => {
  const { source, store, sink, advance } = setUpSink();
  const insert = holdCalls(store, 'insert');
  arrive(source, 1, 3);
  sink.start();
  await advance(10);
  const stopping = sink.stop();
  insert.release('failed');
  expect(await isSettled(stopping, advance, 50)).toBe(true);
  expect(source.hinted).toBe(-1);
});

it('the sink stops immediately if it is waiting to retry after a failure', async () => {
  const { store, sink, advance } = setUpSink();
  store.outcome = () => 'failed';
  sink.start();
  await advance(30_000);
  expect(await isSettled(sink.stop(), advance, 50)).toBe(true);
});

it('a stopping sink stops immediately when its read of the high-water marks fails', async () => {
  const { store, sink, advance } = setUpSink();
  const readState = holdCalls(store, 'readState');
  sink.start();
  await advance(10);
  const stopping = sink.stop();
  await advance(10);
  readState.release('failed');
  expect(await isSettled(stopping, advance, 50)).toBe(true);
});

it('an idle sink stops immediately, and can be stopped twice', async () => {
  const { sink, advance } = setUpSink();
  sink.start();
  await advance(5000);
  expect(await isSettled(Promise.all([sink.stop(), sink.stop()]), advance, 50)).toBe(true);
});

it('the sink reports a problem until the high-water marks are read and a batch is stored, and whenever storing fails', async () => {
  const { source, store, sink, advance } = setUpSink();
  const readState = holdCalls(store, 'readState');
  expect(sink.trouble()).toMatch(/not been read yet/);
  sink.start();
  await advance(5000);
  expect(sink.trouble()).toMatch(/not been read yet/);
  readState.release();
  await advance(2000);
  expect(sink.trouble()).toBeUndefined();
  store.outcome = (call) => (call === 'insert' ? 'failed' : 'done');
  arrive(source, 1, 1);
  await advance(2000);
  expect(sink.trouble()).toMatch(/storing fails/);
  store.outcome = () => 'done';
  await advance(6000);
  expect(sink.trouble()).toBeUndefined();
});

it('the sink waits between inserts when events arrive slowly, and does not wait when there is a backlog', async () => {
  const { source, store, sink, advance } = setUpSink({ maxRows: 10, lingerMs: 500 });
  let inserts = 0;
  store.outcome = (call) => {
    if (call === 'insert') inserts += 1;
    return 'done';
  };
  sink.start();
  await advance(2000);
  for (let sequence = 1; sequence <= 20; sequence += 1) {
    arrive(source, sequence, sequence);
    await advance(100);
  }
  expect(inserts).toBeLessThanOrEqual(5);
  await advance(2000);
  expect(sequencesIn(store)).toHaveLength(20);

  arrive(source, 21, 1020);
  await advance(1000);
  expect(sequencesIn(store)).toHaveLength(1020);
});

it('the sink reads and prepares the next batch during an insert', async () => {
  const { source, store, sink, advance } = setUpSink({ maxRows: 3 });
  const insert = holdCalls(store, 'insert');
  const encoded: number[] = [];
  const { encode } = store;
  store.encode = (events) => {
    encoded.push(...events.map(({ sequence }) => sequence));
    return encode(events);
  };
  arrive(source, 1, 9);
  sink.start();
  await advance(100);
  expect(encoded).toEqual([1, 2, 3, 4, 5, 6]);
  expect(sequencesIn(store)).toEqual([]);
  insert.release();
  await advance(0);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
});
