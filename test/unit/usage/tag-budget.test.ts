import { describe, expect, it } from 'vitest';
import type { TagCount } from '../../../src/usage/query/statements/tag-counts-sql.ts';
import { createTagBudget } from '../../../src/usage/tag-budget/tag-budget.ts';

/** Creates a budget of 3 tags with a settable clock and store. `settle` waits for a count that has started. */
function createBudget() {
  const state = { nowMs: 0, durationMs: 5, counts: [] as TagCount[], reads: 0, isDown: false };
  const tagCounts = async () => {
    state.reads += 1;
    state.nowMs += state.durationMs;
    if (state.isDown) throw new Error('unavailable');
    return state.counts;
  };
  const deps = { store: { tagCounts }, monotonicMs: () => state.nowMs };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { state, settle, budget: createTagBudget({ maxTags: 3 }, deps) };
}

describe('the tag budget', () => {
  it('is exceeded by more tags than the maximum, and by no fewer', async () => {
    const { state, settle, budget } = createBudget();
    state.counts = [
      { organisationId: 'full', tags: 3 },
      { organisationId: 'over', tags: 4 },
    ];
    expect(budget.isExceeded('over')).toBe(false);
    await settle();
    expect(['full', 'over', 'other'].map(budget.isExceeded)).toEqual([false, true, false]);
    expect([budget.isExceeded(undefined), budget.exceededCount(), budget.mostTags()]).toEqual([true, 1, 4]);
  });

  it('counts at most every 10 s, however many answers ask', async () => {
    const { state, settle, budget } = createBudget();
    for (let answer = 0; answer < 100; answer += 1) budget.isExceeded('a');
    await settle();
    state.nowMs += 9_999;
    budget.isExceeded('a');
    expect(state.reads).toBe(1);
    state.nowMs += 1;
    budget.isExceeded('a');
    await settle();
    expect(state.reads).toBe(2);
  });

  it('waits 20 times as long as a slow count took', async () => {
    const { state, settle, budget } = createBudget();
    state.durationMs = 2_000;
    budget.isExceeded('a');
    await settle();
    state.nowMs += 39_999;
    budget.isExceeded('a');
    expect(state.reads).toBe(1);
    state.nowMs += 1;
    budget.isExceeded('a');
    expect(state.reads).toBe(2);
  });

  it('keeps the previous numbers if a count fails', async () => {
    const { state, settle, budget } = createBudget();
    state.counts = [{ organisationId: 'over', tags: 4 }];
    budget.isExceeded('over');
    await settle();
    state.isDown = true;
    state.nowMs += 10_000;
    expect(budget.isExceeded('over')).toBe(true);
    await settle();
    expect([state.reads, budget.isExceeded('over')]).toEqual([2, true]);
  });
});
