import { LRUCache } from 'lru-cache';
import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';

/** Limits the size of the new grants that each configuration stores, so that none of them can fill the control store. */
export interface ClaimsBudget {
  /** @throws AppError `claims_budget_exceeded` if fewer bytes are left in the configuration's budget. */
  spend(configurationId: string, bytes: number): void;
}

const minuteMs = 60_000;
/** Maximum number of remembered configurations. An evicted configuration has its whole budget again. */
const maxConfigurations = 10_000;

interface Account {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * Creates the budgets of all configurations. A budget is at most `bytesPerMinute` and refills continuously at that rate.
 * @param nowMs a monotonic clock in milliseconds.
 */
export function createClaimsBudget(bytesPerMinute: number, nowMs: () => number): ClaimsBudget {
  const accounts = new LRUCache<string, Account>({ max: maxConfigurations });
  const bytesPerMs = bytesPerMinute / minuteMs;

  return {
    spend(configurationId, bytes) {
      const atMs = nowMs();
      const { bytes: lastBytes, atMs: lastMs } = accounts.get(configurationId) ?? {
        bytes: bytesPerMinute,
        atMs,
      };
      const available = Math.min(bytesPerMinute, lastBytes + (atMs - lastMs) * bytesPerMs);
      if (bytes > available) {
        const retryAfterSeconds = Math.max(1, Math.ceil((bytes - available) / bytesPerMs / 1000));
        throw new AppError(gatewayErrors.claims_budget_exceeded, { retryAfterSeconds });
      }
      accounts.set(configurationId, { bytes: available - bytes, atMs });
    },
  };
}
