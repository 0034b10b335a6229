import type { FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/errors.ts';
import { isLocal } from '../../platform/http/loopback.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { Session } from '../sessions/sessions.ts';
import type { Exchange } from './exchange.ts';
import { noteFailure, type Outcomes } from './outcomes.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';
import { RefusedToken } from './refused-token.ts';

export interface MeteredExchangeDeps {
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly outcomes: Outcomes;
}

/** The exchange as clients meet it, whatever way they come: outcomes are counted, refusals limited by address. */
export interface MeteredExchange {
  /** @throws AppError as `Exchange` does, or `rate_limited` in place of a refusal. */
  exchange(request: FastifyRequest, ...asked: Parameters<Exchange>): Promise<Session>;
  /** What a client gets for a refusal: that it is refused, or that it had too many. */
  limited(refused: AppError, request: FastifyRequest): Promise<AppError>;
}

export function createMeteredExchange({ exchange, limiter, outcomes }: MeteredExchangeDeps): MeteredExchange {
  async function limited(refused: AppError, request: FastifyRequest): Promise<AppError> {
    if (isLocal(request)) return refused;
    const retryAfterSeconds = await limiter.countRefusal(request.ip);
    return retryAfterSeconds === undefined
      ? refused
      : new AppError(gatewayErrors.rate_limited, { retryAfterSeconds });
  }

  return {
    limited,
    async exchange(request, ...asked) {
      try {
        const session = await exchange(...asked);
        outcomes.count('exchange', 'accepted');
        return session;
      } catch (error) {
        noteFailure('exchange', error, outcomes);
        if (!(error instanceof RefusedToken)) throw error;
        // The problem document depends on the code alone: refusals of one code are the same byte for byte.
        throw await limited(error, request);
      }
    },
  };
}
