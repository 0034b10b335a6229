import { describe, expect, it } from 'vitest';
import { createClaimsBudget } from '../../../../src/gateway/sessions/claims-budget.ts';

describe('the budget of stored claims', () => {
  it('rejects claims that are larger than the rest of the budget, until enough of it is refilled', () => {
    let nowMs = 0;
    const budget = createClaimsBudget(60_000, () => nowMs);
    budget.spend('a', 50_000);
    expect(() => budget.spend('a', 20_000)).toThrowError(
      expect.objectContaining({ code: 'claims_budget_exceeded', retryAfterSeconds: 10 }),
    );
    nowMs = 9_999;
    expect(() => budget.spend('a', 20_000)).toThrow();
    nowMs = 10_000;
    budget.spend('a', 20_000);
    expect(() => budget.spend('a', 1)).toThrow();
  });

  it('is separate for each configuration, and never larger than the budget of one minute', () => {
    let nowMs = 0;
    const budget = createClaimsBudget(60_000, () => nowMs);
    budget.spend('a', 60_000);
    budget.spend('b', 60_000);
    nowMs = 3_600_000;
    budget.spend('a', 60_000);
    expect(() => budget.spend('a', 1)).toThrow();
  });
});
