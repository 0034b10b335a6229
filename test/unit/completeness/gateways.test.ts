import { expect, it } from 'vitest';
import { openUnwatched } from '../../../src/completeness/complete-through.ts';
import { listProducers } from '../../../src/completeness/gateways.ts';

const nowMs = 1_000_000;

it('lists every producer that has not ended once, with its state', () => {
  const registered = (producer: string, retiredThroughMs?: number) => ({
    ...{ producer, gateway: `host-${producer}`, registeredAtMs: 1000 },
    retired: retiredThroughMs === undefined ? undefined : { atMs: 9000, throughMs: retiredThroughMs },
  });
  const stored = (producer: string, beforeMs: number, isFinal = false) => ({
    ...{ producer, partitions: 1, watermarks: new Map([[0, { sequence: 1, beforeMs, isFinal }]]) },
  });
  const state = {
    registered: [
      registered('live'),
      registered('gone'),
      registered('retired', 5000),
      registered('back', 5000),
    ],
    stored: [
      stored('live', nowMs - 60_000),
      stored('gone', nowMs - 60_001),
      stored('retired', 5000),
      stored('back', nowMs),
      stored('ended', 6000, true),
    ],
    legacy: ['old'],
  };
  const withoutWatermarks = ['old', 'foreign', 'retired', 'ended', 'import-0f'];
  const unwatched = openUnwatched(state, withoutWatermarks, new Set(['ended']));
  expect(unwatched).toEqual(['foreign']);
  const listed = listProducers(state, unwatched, nowMs);
  expect(listed.map(({ producer, state: name }) => [producer, name])).toEqual([
    ['live', 'live'],
    ['gone', 'gone'],
    ['back', 'live'],
    ['retired', 'retired'],
    ['old', 'legacy'],
    ['foreign', 'unwatched'],
  ]);
  expect(listed[1]).toEqual({
    producer: 'gone',
    gateway: 'host-gone',
    state: 'gone',
    throughMs: nowMs - 60_001,
  });
  expect(listed[5]).toEqual({
    producer: 'foreign',
    gateway: undefined,
    state: 'unwatched',
    throughMs: undefined,
  });
});
