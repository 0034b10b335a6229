import { expect, it } from 'vitest';
import { completeThrough, liveProducers } from '../../../src/completeness/complete-through.ts';
import type { StoredProducer, StoredWatermark } from '../../../src/completeness/stored/stored-watermarks.ts';

const nowMs = 10_000;

/** Creates a stored producer. A partition is its instant, or 'final', or undefined if no watermark of it is stored. */
function stored(producer: string, ...partitions: (number | 'final' | undefined)[]): StoredProducer {
  const watermarks = new Map<number, StoredWatermark>();
  partitions.forEach((partition, index) => {
    if (partition === undefined) return;
    const isFinal = partition === 'final';
    watermarks.set(index, { sequence: 1, beforeMs: isFinal ? 0 : partition, isFinal });
  });
  return { producer, partitions: partitions.length, watermarks };
}

const registered = (producer: string, registeredAtMs: number, retiredThroughMs?: number) => ({
  ...{ producer, gateway: `gateway-${producer}`, registeredAtMs },
  retired: retiredThroughMs === undefined ? undefined : { atMs: 9000, throughMs: retiredThroughMs },
});
const through = (state: Partial<Parameters<typeof completeThrough>[0]>) =>
  completeThrough({ registered: [], stored: [], legacy: [], ...state }, nowMs);

it('completeThrough is the earliest watermark of all partitions of all live producers', () => {
  const state = {
    registered: [registered('a', 1000), registered('b', 1000)],
    stored: [stored('a', 5000, 6000), stored('b', 7000, 4000)],
  };
  expect(through(state)).toBe(4000);
});

it('completeThrough is never later than now', () => {
  expect(through({ registered: [registered('a', 1000)], stored: [stored('a', 20_000)] })).toBe(nowMs);
});

it('completeThrough is the registration of a producer until the watermarks of all its partitions are stored', () => {
  const a = registered('a', 3000);
  expect(through({ registered: [a] })).toBe(3000);
  expect(through({ registered: [a], stored: [stored('a', 5000, undefined)] })).toBe(3000);
  expect(through({ registered: [a], stored: [stored('a', 5000, 6000)] })).toBe(5000);
});

it('completeThrough is not held back by a producer after the final watermarks of all its partitions', () => {
  const [a, b] = [registered('a', 1000), registered('b', 1000)];
  const other = stored('b', 8000, 8000);
  expect(through({ registered: [a, b], stored: [stored('a', 'final', 5000), other] })).toBe(5000);
  expect(through({ registered: [a, b], stored: [stored('a', 'final', 'final'), other] })).toBe(8000);
  expect(through({ registered: [a], stored: [stored('a', 'final', 'final')] })).toBe(nowMs);
});

it('completeThrough is not held back by a retired producer, until a later watermark of it is stored', () => {
  const [a, b] = [registered('a', 1000, 5000), registered('b', 1000)];
  const other = stored('b', 8000);
  expect(through({ registered: [a, b], stored: [stored('a', 5000), other] })).toBe(8000);
  expect(through({ registered: [a, b], stored: [stored('a', 5001), other] })).toBe(5001);
});

it('completeThrough is held back by a producer that publishes without a registration', () => {
  expect(
    through({ registered: [registered('a', 1000)], stored: [stored('a', 8000), stored('b', 6000)] }),
  ).toBe(6000);
});

it('completeThrough is unknown while earlier-version producers may have sessions, and without any watermark', () => {
  expect(through({})).toBeUndefined();
  expect(
    through({ registered: [registered('a', 1000)], stored: [stored('a', 8000)], legacy: ['old'] }),
  ).toBeUndefined();
});

it('liveProducers returns the live producers with their gateways', () => {
  const state = {
    registered: [registered('a', 1000), registered('b', 2000, 2000), registered('c', 3000)],
    stored: [stored('a', 'final'), stored('d', 4000)],
  };
  expect(liveProducers(state)).toEqual([
    { producer: 'c', gateway: 'gateway-c', throughMs: 3000 },
    { producer: 'd', gateway: undefined, throughMs: 4000 },
  ]);
});
