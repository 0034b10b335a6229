import { describe, expect, it } from 'vitest';
import { planUsage } from '../../../../src/usage/query/plan.ts';
import { everything, singleSpan, type UsageQuery } from '../../../../src/usage/query/query.ts';
import { withCurrentMonths } from '../../../../src/usage/query/steps/current-months.ts';
import {
  type MonthSource,
  monthWindows,
  splitByMonths,
  withMonthSources,
} from '../../../../src/usage/query/steps/month-source.ts';

const guard = { from: 'SELECT 1 AS n', holds: 'n = 1' };
const window = { startMs: Date.UTC(2026, 0, 15), endMs: Date.UTC(2026, 3, 15) };
const query: UsageQuery = {
  filter: everything(),
  groupBy: 'none',
  spans: [singleSpan('range', window)],
  order: { by: 'range', descending: true },
};
const source = (isOptional: boolean): MonthSource => ({
  isOptional,
  guards: [guard],
  rewrite: (step) => [step, { ...step, windows: monthWindows([202602]) }],
});

describe('month sources', () => {
  it('add their guards to a plan only if they change a step', () => {
    const plan = planUsage(query);
    const unchanged = withMonthSources(plan, [{ ...source(true), rewrite: (step) => [step] }]);
    expect([unchanged.steps, unchanged.guards]).toEqual([plan.steps, []]);
    const changed = withMonthSources(plan, [source(true)]);
    expect([changed.steps.length, changed.guards]).toEqual([plan.steps.length * 2, [guard]]);
  });

  it('split windows at the limits of UTC months', () => {
    expect(splitByMonths([window], new Set([202602, 202603]))).toEqual({
      within: [{ startMs: Date.UTC(2026, 1), endMs: Date.UTC(2026, 3) }],
      outside: [
        { startMs: window.startMs, endMs: Date.UTC(2026, 1) },
        { startMs: Date.UTC(2026, 3), endMs: window.endMs },
      ],
    });
  });

  it('are read again if a guard fails, and the third attempt uses no optional sources', async () => {
    const sources = [source(true), source(false)];
    const reads: string[] = [];
    const months = {
      current: async () => {
        reads.push('current');
        return sources;
      },
      refresh: async () => {
        reads.push('refresh');
        return sources;
      },
    };
    const stepCounts: number[] = [];
    const steps = await withCurrentMonths(months, async (rewrite) => {
      const { steps: rewritten } = rewrite(planUsage(query));
      stepCounts.push(rewritten.length);
      if (stepCounts.length < 3) throw Object.assign(new Error('stale'), { code: '395' });
      return rewritten;
    });
    const { length } = planUsage(query).steps;
    expect([steps.length, stepCounts]).toEqual([length * 2, [length * 4, length * 4, length * 2]]);
    expect(reads).toEqual(['current', 'refresh', 'refresh']);
  });

  it('do not cause a second attempt if a query fails for another reason', async () => {
    let attempts = 0;
    const query = async () => {
      attempts += 1;
      throw Object.assign(new Error('memory'), { code: '241' });
    };
    const months = { current: async () => [], refresh: async () => [] };
    await expect(withCurrentMonths(months, query)).rejects.toThrow('memory');
    expect(attempts).toBe(1);
  });
});
