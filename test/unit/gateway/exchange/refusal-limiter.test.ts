import { describe, expect, it } from 'vitest';
import { createRefusalLimiter, refusalsPerWindow } from '../../../../src/gateway/exchange/refusal-limiter.ts';

function setUp() {
  let nowMs = 1_000_000;
  const { countRefusal } = createRefusalLimiter(() => nowMs);
  /** What the last of so many refusals got. */
  const refuse = async (address: string, times: number) => {
    let last: number | undefined;
    for (let count = 0; count < times; count += 1) last = await countRefusal(address);
    return last;
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { refuse, pass };
}

describe('the limiter of refusals', () => {
  it('lets 100 pass in 10 seconds, and says when to come again', async () => {
    const { refuse, pass } = setUp();
    expect(refusalsPerWindow).toBe(100);
    expect(await refuse('a', 99)).toBeUndefined();
    pass(4500);
    expect(await refuse('a', 1)).toBeUndefined();
    expect(await refuse('a', 1)).toBe(6);
    pass(5499);
    expect(await refuse('a', 1)).toBe(1);
    pass(1);
    expect(await refuse('a', 1)).toBeUndefined();
  });

  it('begins anew after 10 seconds, with nothing carried over', async () => {
    const { refuse, pass } = setUp();
    await refuse('a', 500);
    pass(10_000);
    expect(await refuse('a', 100)).toBeUndefined();
    expect(await refuse('a', 1)).toBe(10);
  });

  it('counts each address by itself', async () => {
    const { refuse } = setUp();
    await refuse('2001:db8::1', 100);
    expect(await refuse('2001:db8::2', 1)).toBeUndefined();
    expect(await refuse('2001:db8::1', 1)).toBe(10);
  });

  it('remembers 50,000 addresses, the ones that were refused last', async () => {
    const { refuse } = setUp();
    await refuse('first', 100);
    for (let address = 0; address < 49_999; address += 1) await refuse(`address-${address}`, 1);
    expect(await refuse('first', 1)).toBe(10);
    for (let address = 0; address < 50_001; address += 1) await refuse(`other-${address}`, 1);
    expect(await refuse('first', 1)).toBeUndefined();
  });
});
