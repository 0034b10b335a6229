import { LRUCache } from 'lru-cache';
import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';

/** Limits how many bytes of new grants a configuration stores, so that it cannot fill the control store. */
export interface ClaimsBudget {
  /** @throws AppError `claims_budget_exceeded` if the configuration has used up its budget. */
  spend(configurationId: string, bytes: number): void;
}

const minuteMs = 60_000;
/** Configurations that have stored large claims most recently. An evicted configuration has its whole budget again. */
const maxConfigurations = 10_000;

interface Account {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * Creates a budget that refills continuously: at most `bytesPerMinute` at a time, and the same in each minute.
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
