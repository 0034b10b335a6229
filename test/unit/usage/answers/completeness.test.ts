import { describe, expect, it } from 'vitest';
import {
  completenessOf,
  describeWatermark,
  readWatermark,
} from '../../../../src/usage/answers/completeness.ts';
import type { UsageStore } from '../../../../src/usage/query/usage-store.ts';

const nowMs = Date.UTC(2026, 10, 30, 12);
const iso = (ms: number) => new Date(ms).toISOString();
const unknown = { completeThrough: null, provisional: null, lagMs: null };

describe('the completeness of a usage response', () => {
  it.each([
    { endMs: nowMs + 1, provisional: true },
    { endMs: nowMs - 250, provisional: false },
    { endMs: nowMs - 249, provisional: true },
    { endMs: 0, provisional: false },
  ])(
    'is provisional only if the range ends after the watermark (range end: $endMs)',
    ({ endMs, provisional }) => {
      const watermark = { throughMs: nowMs - 250, nowMs };
      expect(describeWatermark(watermark, endMs)).toEqual({
        completeThrough: iso(nowMs - 250),
        provisional,
        lagMs: 250,
      });
    },
  );

  it('contains the number of producers that the watermark does not cover, unless the number is 0', () => {
    const watermark = readWatermark({
      completeThroughMs: () => nowMs,
      unwatchedProducers: () => 2,
      clock: { nowMs: () => nowMs },
    });
    expect(describeWatermark(watermark, nowMs)).toMatchObject({ unwatchedProducers: 2 });
    expect(describeWatermark({ ...watermark, unwatchedProducers: 0 }, nowMs)).not.toHaveProperty(
      'unwatchedProducers',
    );
  });

  it('has no negative lag if the watermark was read after the clock', () => {
    expect(describeWatermark({ throughMs: nowMs + 3, nowMs }, nowMs).lagMs).toBe(0);
  });

  it('is unknown if only another process knows the watermark', () => {
    expect(describeWatermark({ throughMs: undefined, nowMs }, nowMs)).toEqual(unknown);
  });

  it('uses a watermark that was read before the clock, so that the reported lag is never too small', () => {
    const reads: string[] = [];
    const watermark = readWatermark({
      completeThroughMs: () => reads.push('watermark'),
      clock: { nowMs: () => reads.push('clock') },
    });
    expect([reads, watermark]).toEqual([['watermark', 'clock'], { throughMs: 1, nowMs: 2 }]);
  });

  it.each([
    { stored: 0, expected: unknown },
    { stored: 1, expected: { completeThrough: iso(nowMs), provisional: false, lagMs: 0 } },
  ])(
    'is known for a response without sessions only if the store contains sessions ($stored stored)',
    async ({ stored, expected }) => {
      const all = { key: null, sessions: { total: stored }, lastUsedMs: undefined, uses: stored, points: [] };
      const store = { read: async () => ({ all, groups: [] }) } as unknown as UsageStore;
      const watermark = { throughMs: nowMs, nowMs };
      expect(await completenessOf(store, watermark, { endMs: nowMs, total: 0 })).toEqual(expected);
    },
  );
});
