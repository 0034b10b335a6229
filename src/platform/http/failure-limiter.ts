import { LRUCache } from 'lru-cache';

/**
 * Limits failed attempts per key, such as a client address, to slow down guessing. Successful attempts are not limited:
 * many clients may share an address, and one client that fails must not lock out the others.
 */
export interface FailureLimiter {
  /** Counts a failure. If the key has reached its limit, returns the number of seconds until the next one is allowed. */
  count(key: string): number | undefined;
}

export interface FailureLimits {
  readonly failures: number;
  readonly windowMs: number;
}

/** Limits for the failures of one client address. */
export const addressLimits: FailureLimits = { failures: 100, windowMs: 10_000 };

const maxKeys = 50_000;

/**
 * Creates a limiter with fixed windows. It keeps the counts of at most 50,000 keys: those with the most recent failures.
 * @param nowMs a monotonic clock in milliseconds.
 */
export function createFailureLimiter(limits: FailureLimits, nowMs: () => number): FailureLimiter {
  const windows = new LRUCache<string, { endsAtMs: number; failures: number }>({ max: maxKeys });

  function getWindow(key: string): { endsAtMs: number; failures: number } {
    const window = windows.get(key);
    if (window !== undefined && nowMs() < window.endsAtMs) return window;
    const newWindow = { endsAtMs: nowMs() + limits.windowMs, failures: 0 };
    windows.set(key, newWindow);
    return newWindow;
  }

  return {
    count(key) {
      const window = getWindow(key);
      if (window.failures >= limits.failures)
        return Math.max(1, Math.ceil((window.endsAtMs - nowMs()) / 1000));
      window.failures += 1;
      return undefined;
    },
  };
}
