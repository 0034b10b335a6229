import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { clientKeyOf } from '../../platform/http/client-key.ts';
import type { LocalCheck } from '../../platform/http/loopback.ts';
import type { ConfigurationRef } from '../../tokens/opening/token-opener.ts';
import type { Session } from '../sessions/sessions.ts';
import type { Exchange } from './exchange.ts';
import { type Outcomes, recordFailure } from './outcomes.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';
import { type RefusalReason, RefusedToken } from './refused-token.ts';

export interface MeteredExchangeDeps {
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
  readonly isLocal: LocalCheck;
  /**
   * Returns the configuration that the `kid` of a token names, without decrypting the token. Undefined if the
   * configuration is unknown.
   */
  readonly configurationOf: (token: string) => ConfigurationRef | undefined;
}

/** Counts the refusal of a token that was not decrypted, and returns the error for it. */
export type RefuseToken = (reason: RefusalReason, token: string) => RefusedToken;

/** The exchange that all routes for clients use. It counts outcomes and limits refusals per client address. */
export interface MeteredExchange {
  /**
   * Exchanges a token.
   * @throws AppError as `Exchange` does, or `rate_limited` after too many refusals.
   */
  exchange(request: FastifyRequest, ...args: Parameters<Exchange>): Promise<Session>;
  /** Counts a refusal and returns its error, or `rate_limited` if the address has reached its limit. */
  limitRefusal(refusal: AppError, request: FastifyRequest): Promise<AppError>;
  readonly refuse: RefuseToken;
}

/** Creates an exchange that counts outcomes and limits refusals. Clients on the same machine are not limited. */
export function createMeteredExchange(deps: MeteredExchangeDeps): MeteredExchange {
  const { exchange, limiter, outcomes, isLocal, configurationOf } = deps;
  async function limitRefusal(refusal: AppError, request: FastifyRequest): Promise<AppError> {
    if (isLocal(request)) return refusal;
    const retryAfterSeconds = await limiter.countRefusal(clientKeyOf(request));
    return retryAfterSeconds === undefined
      ? refusal
      : new AppError(platformErrors.rate_limited, { retryAfterSeconds });
  }

  return {
    limitRefusal,
    refuse(reason, token) {
      const refusal = new RefusedToken(reason, configurationOf(token));
      recordFailure('exchange', refusal, outcomes);
      return refusal;
    },
    async exchange(request, ...args) {
      try {
        const session = await exchange(...args);
        outcomes.count('exchange', 'accepted');
        return session;
      } catch (error) {
        recordFailure('exchange', error, outcomes);
        if (!(error instanceof RefusedToken)) throw error;
        // The problem document depends only on the error code, so refusals with the same code are byte-for-byte
        // identical. The response then does not reveal more about the token than the code.
        throw await limitRefusal(error, request);
      }
    },
  };
}
