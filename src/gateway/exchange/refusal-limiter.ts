import { addressLimits, createFailureLimiter } from '../../platform/http/failure-limiter.ts';

/** Limits rejected exchanges per client address. In a gateway worker, the main process counts. */
export interface RefusalLimiter {
  /**
   * Counts a refusal. If the address has reached its limit, returns the number of seconds until the next attempt is
   * allowed.
   */
  countRefusal(address: string): Promise<number | undefined>;
}

/**
 * Creates a limiter of 100 refusals per address in 10 seconds.
 * @param nowMs a monotonic clock in milliseconds.
 */
export function createRefusalLimiter(nowMs: () => number): RefusalLimiter {
  const limiter = createFailureLimiter(addressLimits, nowMs);
  return { countRefusal: async (address) => limiter.count(address) };
}
