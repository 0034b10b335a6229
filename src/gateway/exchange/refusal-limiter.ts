import { LRUCache } from 'lru-cache';

/**
 * Limits refused exchanges per client address, which makes guessing slow. Successful exchanges have no limit: many
 * viewers may share one address, and one viewer with a broken link must not lock out the others.
 */
export interface RefusalLimiter {
  /** Counts a refusal. Returns the seconds until the next attempt if the address has used up its refusals. */
  countRefusal(address: string): Promise<number | undefined>;
}

export const refusalsPerWindow = 100;
const windowMs = 10_000;
const maxAddresses = 50_000;

/**
 * Returns a limiter of 100 refusals per address in each window of 10 seconds. It remembers the 50,000 addresses with the
 * latest refusals.
 * @param nowMs a monotonic clock in milliseconds.
 */
export function createRefusalLimiter(nowMs: () => number): RefusalLimiter {
  const windows = new LRUCache<string, { endsAtMs: number; refusals: number }>({ max: maxAddresses });

  function getWindow(address: string): { endsAtMs: number; refusals: number } {
    const window = windows.get(address);
    if (window !== undefined && nowMs() < window.endsAtMs) return window;
    const newWindow = { endsAtMs: nowMs() + windowMs, refusals: 0 };
    windows.set(address, newWindow);
    return newWindow;
  }

  return {
    async countRefusal(address) {
      const window = getWindow(address);
      if (window.refusals >= refusalsPerWindow)
        return Math.max(1, Math.ceil((window.endsAtMs - nowMs()) / 1000));
      window.refusals += 1;
      return undefined;
    },
  };
}
