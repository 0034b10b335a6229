import { expect, it } from 'vitest';
import { createLag } from '../../../../consumers/kafka/lag.ts';

it('does not count what the group’s hint says is stored, wherever the first fetch was', () => {
  const lag = createLag();
  // kafkajs begins to fetch as soon as it has joined, before the hint was looked up.
  lag.fetched(4, 0, 3507);
  lag.startsAt(4, 3507);
  expect(lag.sum()).toBe(0);
  lag.fetched(4, 3507, 3510);
  expect(lag.sum()).toBe(3);
  lag.stored(4, 3510);
  expect(lag.sum()).toBe(0);
});

it('leaves out partitions that have become another process’s', () => {
  const lag = createLag();
  lag.startsAt(1, 0);
  lag.fetched(1, 0, 100);
  lag.keepOnly([2]);
  expect(lag.sum()).toBe(0);
});
