import { describe, expect, it } from 'vitest';
import { createRefusalLimiter, refusalsPerWindow } from '../../../src/gateway/refusal-limiter.ts';

function setUp() {
  let nowMs = 1_000_000;
  const limiter = createRefusalLimiter(() => nowMs);
  const refuse = (address: string, times: number) => {
    for (let count = 0; count < times; count += 1) limiter.countRefusal(address);
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { limiter, refuse, pass };
}

describe('the limiter of refusals', () => {
  it('lets 100 pass in 10 seconds, and says when to come again', () => {
    const { limiter, refuse, pass } = setUp();
    expect(refusalsPerWindow).toBe(100);
    refuse('a', 99);
    expect(limiter.retryAfterSeconds('a')).toBeUndefined();
    pass(4500);
    refuse('a', 1);
    expect(limiter.retryAfterSeconds('a')).toBe(6);
    pass(5499);
    expect(limiter.retryAfterSeconds('a')).toBe(1);
    pass(1);
    expect(limiter.retryAfterSeconds('a')).toBeUndefined();
  });

  it('begins anew after 10 seconds, with nothing carried over', () => {
    const { limiter, refuse, pass } = setUp();
    refuse('a', 500);
    pass(10_000);
    refuse('a', 99);
    expect(limiter.retryAfterSeconds('a')).toBeUndefined();
    refuse('a', 1);
    expect(limiter.retryAfterSeconds('a')).toBe(10);
  });

  it('counts each address by itself', () => {
    const { limiter, refuse } = setUp();
    refuse('2001:db8::1', 100);
    expect(limiter.retryAfterSeconds('2001:db8::2')).toBeUndefined();
    expect(limiter.retryAfterSeconds('2001:db8::1')).toBe(10);
  });

  it('remembers 50,000 addresses, the ones that were refused last', () => {
    const { limiter, refuse } = setUp();
    refuse('first', 100);
    for (let address = 0; address < 49_999; address += 1) refuse(`address-${address}`, 1);
    expect(limiter.retryAfterSeconds('first')).toBe(10);
    for (let address = 0; address < 50_001; address += 1) refuse(`other-${address}`, 1);
    expect(limiter.retryAfterSeconds('first')).toBeUndefined();
  });
});
