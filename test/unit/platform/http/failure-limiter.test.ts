import { describe, expect, it } from 'vitest';
import { addressLimits, createFailureLimiter } from '../../../../src/platform/http/failure-limiter.ts';

function setUp() {
  let nowMs = 1_000_000;
  const { count } = createFailureLimiter(addressLimits, () => nowMs);
  /** Counts `times` refusals for an address and returns the last result. */
  const refuse = async (key: string, times: number) => {
    let last: number | undefined;
    for (let failure = 0; failure < times; failure += 1) last = count(key);
    return last;
  };
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { refuse, advance };
}

describe('createFailureLimiter', () => {
  it('allows 100 refusals in 10 seconds, and then returns the seconds to wait', async () => {
    const { refuse, advance } = setUp();
    expect(addressLimits.failures).toBe(100);
    expect(await refuse('a', 99)).toBeUndefined();
    advance(4500);
    expect(await refuse('a', 1)).toBeUndefined();
    expect(await refuse('a', 1)).toBe(6);
    advance(5499);
    expect(await refuse('a', 1)).toBe(1);
    advance(1);
    expect(await refuse('a', 1)).toBeUndefined();
  });

  it('starts a new window after 10 seconds and ignores the refusals of the previous window', async () => {
    const { refuse, advance } = setUp();
    await refuse('a', 500);
    advance(10_000);
    expect(await refuse('a', 100)).toBeUndefined();
    expect(await refuse('a', 1)).toBe(10);
  });

  it('counts each address separately', async () => {
    const { refuse } = setUp();
    await refuse('2001:db8::1', 100);
    expect(await refuse('2001:db8::2', 1)).toBeUndefined();
    expect(await refuse('2001:db8::1', 1)).toBe(10);
  });

  it('keeps the counts of the 50,000 addresses with the most recent refusals', async () => {
    const { refuse } = setUp();
    await refuse('first', 100);
    for (let address = 0; address < 49_999; address += 1) await refuse(`address-${address}`, 1);
    expect(await refuse('first', 1)).toBe(10);
    for (let address = 0; address < 50_001; address += 1) await refuse(`other-${address}`, 1);
    expect(await refuse('first', 1)).toBeUndefined();
  });
});
