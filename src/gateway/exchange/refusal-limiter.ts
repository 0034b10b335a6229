import { LRUCache } from 'lru-cache';

/**
 * Limits rejected exchanges per client address, to slow down guessing. Successful exchanges are not limited: many
 * viewers may share an address, and a viewer with a broken link must not lock out the others.
 */
export interface RefusalLimiter {
  /**
   * Counts a refusal. If the address has reached its limit, returns the number of seconds until the next attempt is
   * allowed.
   */
  countRefusal(address: string): Promise<number | undefined>;
}

export const refusalsPerWindow = 100;
const windowMs = 10_000;
const maxAddresses = 50_000;

/**
 * Creates a limiter of 100 refusals per address in 10 seconds. It keeps the counts of at most 50,000 addresses: those
 * with the most recent refusals.
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
