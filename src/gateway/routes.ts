import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../platform/errors.ts';
import { isLocal } from '../platform/http/loopback.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Counter } from '../platform/metrics.ts';
import { type CountRefusal, type Exchange, RefusedToken } from './exchange.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';

export interface GatewayRoutesDeps {
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly exchanges: Counter<'outcome'>;
  readonly countRefusal: CountRefusal;
}

const ExchangeBody = Type.Object(
  { webAccessToken: Type.String({ description: 'The token, in compact form' }) },
  { additionalProperties: true },
);

const SessionAnswer = Type.Object({
  sessionId: Type.String({ format: 'uuid' }),
  initialiser: Type.String(),
  initializer: Type.String({ description: 'The same, in the other spelling' }),
  webSessionToken: Type.String(),
  expiresAt: Type.String({ format: 'date-time' }),
});

export function registerGatewayRoutes(server: HttpServer, deps: GatewayRoutesDeps): void {
  const { exchange, limiter, exchanges, countRefusal } = deps;
  // Looked up once: by labels it would cost a microsecond of each exchange.
  const accepted = exchanges.labels('accepted');

  /** What a client gets for a refused token: that it is refused, or that it had too many. */
  function limited(refused: RefusedToken, request: FastifyRequest): AppError {
    if (isLocal(request)) return refused;
    const retryAfterSeconds = limiter.retryAfterSeconds(request.ip);
    if (retryAfterSeconds !== undefined) return new AppError('rate_limited', { retryAfterSeconds });
    limiter.countRefusal(request.ip);
    return refused;
  }

  server.post(
    '/api/v1/wat/sessionToken',
    {
      config: { access: 'public', cors: true },
      schema: {
        summary: 'Exchange a Web Access Token for a session',
        tags: ['gateway'],
        body: ExchangeBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const session = await exchange(request.body.webAccessToken);
        accepted.inc();
        const { sessionId, initialiser, webSessionToken, expiresAtMs } = session;
        const expiresAt = new Date(expiresAtMs).toISOString();
        return { sessionId, initialiser, initializer: initialiser, webSessionToken, expiresAt };
      } catch (error) {
        exchanges.inc({ outcome: outcomeOf(error) });
        if (error instanceof RefusedToken && error.of !== undefined) {
          const { configurationId, organisationId } = error.of;
          countRefusal({ configurationId, organisationId, reason: error.reason });
        }
        // The problem document depends on the code alone: refusals of one code are the same byte for byte.
        throw error instanceof RefusedToken ? limited(error, request) : error;
      }
    },
  );
}

function outcomeOf(error: unknown): string {
  if (error instanceof RefusedToken) return error.reason;
  return error instanceof AppError ? error.code : 'error';
}
