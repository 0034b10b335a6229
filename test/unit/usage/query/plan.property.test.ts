import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrainTime } from '../../../../src/events/grains.ts';
import { planUsage } from '../../../../src/usage/query/plan.ts';
import { type Buckets, everything, singleSpan, type UsageQuery } from '../../../../src/usage/query/query.ts';
import type { PlanStep } from '../../../../src/usage/query/steps/step.ts';
import type { TimeWindow } from '../../../../src/usage/time/time-windows.ts';
import { utcMonthStart, utcMonths } from '../../../../src/usage/time/utc-units.ts';

const quarterMs = 900_000;
const dayMs = 86_400_000;
const fromMs = Date.UTC(2025, 10, 20);

const anyEdgeMs = fc.oneof(
  fc.integer({ min: 0, max: 500 * dayMs }),
  fc.nat(500 * 96).map((quarter) => quarter * quarterMs),
  fc.nat(500).map((day) => day * dayMs),
  fc.nat(16).map((month) => Date.UTC(2025, 11 + month) - fromMs),
);
const anyWindow = fc.tuple(anyEdgeMs, anyEdgeMs).map(([left, right]) => ({
  startMs: fromMs + Math.min(left, right),
  endMs: fromMs + Math.max(left, right),
}));
const anyBuckets: fc.Arbitrary<Buckets> = fc.oneof(
  fc.constantFrom<Buckets>({ kind: 'one' }, { kind: 'quarterHours' }),
  fc.constantFrom(0, 20_700, 1172).map((offsetSeconds) => ({ kind: 'weekdayHours' as const, offsetSeconds })),
  fc.array(anyEdgeMs, { maxLength: 20 }).map((edges) => ({
    kind: 'starts' as const,
    starts: [0, ...edges.map((edge) => Math.floor((fromMs + edge) / 1000))].sort(
      (left, right) => left - right,
    ),
  })),
);

function planOf(window: TimeWindow, buckets: Buckets, byTags: boolean): readonly PlanStep[] {
  const query: UsageQuery = {
    filter: { ...everything(), untagged: byTags },
    groupBy: 'none',
    spans: [{ name: 'range', stretches: [{ window, buckets }] }],
    order: { by: 'range', descending: true },
  };
  return planUsage(query).steps;
}

const windowsOf = (steps: readonly PlanStep[]) =>
  steps.flatMap(({ windows }) => windows ?? []).sort((left, right) => left.startMs - right.startMs);

describe('planUsage', () => {
  it('covers the window exactly once', () => {
    fc.assert(
      fc.property(anyWindow, anyBuckets, fc.boolean(), (window, buckets, byTags) => {
        let atMs = window.startMs;
        for (const { startMs, endMs } of windowsOf(planOf(window, buckets, byTags))) {
          expect(startMs).toBe(atMs);
          expect(endMs).toBeGreaterThan(startMs);
          atMs = endMs;
        }
        expect(atMs).toBe(window.endMs);
      }),
      { numRuns: 500 },
    );
  });

  it('reads only whole grain units that no bucket edge divides', () => {
    fc.assert(
      fc.property(anyWindow, anyBuckets, fc.boolean(), (window, buckets, byTags) => {
        const starts = buckets.kind === 'starts' ? buckets.starts.map((seconds) => seconds * 1000) : [];
        for (const { grain, windows = [] } of planOf(window, buckets, byTags)) {
          if (grain === undefined) continue;
          expect(grain.keys.includes('tags')).toBe(byTags);
          const edges = windows.flatMap(({ startMs, endMs }) => [startMs, endMs]);
          const cuts = starts.filter((ms) =>
            windows.some(({ startMs, endMs }) => ms > startMs && ms < endMs),
          );
          expect([...edges, ...cuts].filter((ms) => !isUnitStart(ms, grain.time))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads the whole months of a year from the monthly totals, and quarter hours only at the edges of the year', () => {
    const window = { startMs: Date.UTC(2025, 0) - 20_700_000, endMs: Date.UTC(2026, 0) - 20_700_000 };
    const steps = planOf(window, { kind: 'one' }, false);
    expect(steps.map(({ grain }) => grain?.name)).toEqual(['totals_by_configuration', 'quarters']);
    expect(steps[0]?.windows?.flatMap(utcMonths)).toHaveLength(11);
  });

  it('reads event rows only for a quarter hour that is only partly inside the window', () => {
    const window = { startMs: fromMs + 1, endMs: fromMs + 3 * quarterMs };
    const steps = planOf(window, { kind: 'one' }, false);
    expect(steps.map(({ grain, windows }) => [grain?.name, windows])).toEqual([
      ['quarters', [{ startMs: fromMs + quarterMs, endMs: fromMs + 3 * quarterMs }]],
      [undefined, [{ startMs: fromMs + 1, endMs: fromMs + quarterMs }]],
    ]);
  });

  it('reads an all-time window from the totals', () => {
    const query = {
      filter: everything(),
      groupBy: 'tag' as const,
      spans: [singleSpan('total')],
      order: { by: 'total' as const, descending: true },
    };
    expect(planUsage(query).steps).toMatchObject([{ grain: { name: 'totals_by_tags' }, windows: undefined }]);
  });
});

function isUnitStart(ms: number, time: GrainTime | undefined): boolean {
  if (time === 'month') return utcMonthStart(ms) === ms;
  return ms % (time === 'day' ? dayMs : quarterMs) === 0;
}
