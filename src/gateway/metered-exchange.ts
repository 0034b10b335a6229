import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.ts';
import { isLocal } from '../platform/http/loopback.ts';
import type { Counter } from '../platform/metrics.ts';
import type { Exchange } from './exchange.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';
import { type CountRefusal, noteRefusal, RefusedToken } from './refused-token.ts';
import type { Session } from './sessions.ts';

export interface MeteredExchangeDeps {
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly exchanges: Counter<'outcome'>;
  readonly countRefusal: CountRefusal;
}

/** The exchange as clients meet it, whatever way they come: outcomes are counted, refusals limited by address. */
export interface MeteredExchange {
  /** @throws AppError as `Exchange` does, or `rate_limited` in place of a refusal. */
  exchange(request: FastifyRequest, ...asked: Parameters<Exchange>): Promise<Session>;
  /** What a client gets for a refusal: that it is refused, or that it had too many. */
  limited(refused: AppError, request: FastifyRequest): AppError;
}

export function createMeteredExchange(deps: MeteredExchangeDeps): MeteredExchange {
  const { exchange, limiter, exchanges, countRefusal } = deps;
  // Looked up once: by labels it would cost a microsecond of each exchange.
  const accepted = exchanges.labels('accepted');

  function limited(refused: AppError, request: FastifyRequest): AppError {
    if (isLocal(request)) return refused;
    const retryAfterSeconds = limiter.retryAfterSeconds(request.ip);
    if (retryAfterSeconds !== undefined) return new AppError('rate_limited', { retryAfterSeconds });
    limiter.countRefusal(request.ip);
    return refused;
  }

  return {
    limited,
    async exchange(request, ...asked) {
      try {
        const session = await exchange(...asked);
        accepted.inc();
        return session;
      } catch (error) {
        noteRefusal(error, exchanges, countRefusal);
        if (!(error instanceof RefusedToken)) throw error;
        // The problem document depends on the code alone: refusals of one code are the same byte for byte.
        throw limited(error, request);
      }
    },
  };
}
