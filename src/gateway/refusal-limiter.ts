import { LRUCache } from 'lru-cache';

/**
 * Counts refused exchanges by client address, so that guessing is slow. It has no say in successful ones: behind one
 * address there may be many people, and one of them with a broken link must not stop the others.
 */
export interface RefusalLimiter {
  /** Whether this address has used up its refusals, and in how many seconds it may try again. */
  retryAfterSeconds(address: string): number | undefined;
  countRefusal(address: string): void;
}

export const refusalsPerWindow = 100;
const windowMs = 10_000;
const maxAddresses = 50_000;

/** @param nowMs a monotonic clock. */
export function createRefusalLimiter(nowMs: () => number): RefusalLimiter {
  const windows = new LRUCache<string, { endsAtMs: number; refusals: number }>({ max: maxAddresses });

  function openWindow(address: string) {
    const window = windows.get(address);
    return window !== undefined && nowMs() < window.endsAtMs ? window : undefined;
  }

  return {
    retryAfterSeconds(address) {
      const window = openWindow(address);
      if (window === undefined || window.refusals < refusalsPerWindow) return undefined;
      return Math.max(1, Math.ceil((window.endsAtMs - nowMs()) / 1000));
    },
    countRefusal(address) {
      const window = openWindow(address) ?? { endsAtMs: nowMs() + windowMs, refusals: 0 };
      window.refusals += 1;
      windows.set(address, window);
    },
  };
}
