import { LRUCache } from 'lru-cache';

/**
 * Counts refused exchanges by client address, so that guessing is slow. It has no say in successful ones: behind one
 * address there may be many people, and one of them with a broken link must not stop the others.
 */
export interface RefusalLimiter {
  /** Counts a refusal; or, where the address has used up its refusals, says in how many seconds it may try again. */
  countRefusal(address: string): Promise<number | undefined>;
}

export const refusalsPerWindow = 100;
const windowMs = 10_000;
const maxAddresses = 50_000;

/** @param nowMs a monotonic clock. */
export function createRefusalLimiter(nowMs: () => number): RefusalLimiter {
  const windows = new LRUCache<string, { endsAtMs: number; refusals: number }>({ max: maxAddresses });

  function windowOf(address: string): { endsAtMs: number; refusals: number } {
    const window = windows.get(address);
    if (window !== undefined && nowMs() < window.endsAtMs) return window;
    const opened = { endsAtMs: nowMs() + windowMs, refusals: 0 };
    windows.set(address, opened);
    return opened;
  }

  return {
    async countRefusal(address) {
      const window = windowOf(address);
      if (window.refusals >= refusalsPerWindow)
        return Math.max(1, Math.ceil((window.endsAtMs - nowMs()) / 1000));
      window.refusals += 1;
      return undefined;
    },
  };
}
