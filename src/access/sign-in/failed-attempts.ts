import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { clientKeyOf } from '../../platform/http/client-key.ts';
import { addressLimits, createFailureLimiter } from '../../platform/http/failure-limiter.ts';

/** Limits wrong API tokens, to slow down guessing. A correct API token is never limited. */
export interface FailedAttempts {
  /** Counts an attempt with a wrong API token. @throws AppError `rate_limited` if there were too many. */
  count(request: Pick<FastifyRequest, 'ip' | 'socket'>, apiToken: string): void;
}

const tokenLimits = { failures: 20, windowMs: 60_000 };
const idOfToken = /^wmt_([a-z0-9-]{1,40})_/;

/**
 * Creates a limiter of 20 failed attempts in a minute for an API token, and 100 in 10 seconds for a client address.
 * @param nowMs a monotonic clock in milliseconds.
 */
export function createFailedAttempts(nowMs: () => number): FailedAttempts {
  const byToken = createFailureLimiter(tokenLimits, nowMs);
  const byAddress = createFailureLimiter(addressLimits, nowMs);
  return {
    count(request, apiToken) {
      const id = idOfToken.exec(apiToken)?.[1];
      const retryAfterSeconds =
        (id === undefined ? undefined : byToken.count(id)) ?? byAddress.count(clientKeyOf(request));
      if (retryAfterSeconds !== undefined)
        throw new AppError(platformErrors.rate_limited, { retryAfterSeconds });
    },
  };
}
