import { expect, it } from 'vitest';
import { createLag } from '../../../../consumers/kafka/lag.ts';

it('the lag does not count events before the committed offset, wherever the first fetch started', () => {
  const lag = createLag();
  // kafkajs starts to fetch as soon as it has joined the group, before it has read the committed offset.
  lag.fetched(4, 0, 3507);
  lag.startsAt(4, 3507);
  expect(lag.sum()).toBe(0);
  lag.fetched(4, 3507, 3510);
  expect(lag.sum()).toBe(3);
  lag.stored(4, 3510);
  expect(lag.sum()).toBe(0);
});

it('the lag excludes partitions that another process owns', () => {
  const lag = createLag();
  lag.startsAt(1, 0);
  lag.fetched(1, 0, 100);
  lag.keepOnly([2]);
  expect(lag.sum()).toBe(0);
});

it('the lag by partition contains only partitions of this process', () => {
  const lag = createLag();
  lag.startsAt(1, 0);
  lag.fetched(1, 0, 100);
  lag.startsAt(2, 5);
  lag.fetched(2, 5, 7);
  lag.stored(2, 6);
  expect(lag.byPartition()).toEqual([
    ['1', 100],
    ['2', 1],
  ]);
  lag.keepOnly([2]);
  expect(lag.byPartition()).toEqual([['2', 1]]);
});
