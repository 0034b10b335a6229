import { Type } from 'typebox';
import { AppError } from '../platform/errors.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Counter } from '../platform/metrics.ts';
import { type Exchange, RefusedToken } from './exchange.ts';
import type { RefusalLimiter } from './refusal-limiter.ts';

export interface GatewayRoutesDeps {
  readonly exchange: Exchange;
  readonly limiter: RefusalLimiter;
  readonly exchanges: Counter<'outcome'>;
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
  const { exchange, limiter, exchanges } = deps;

  server.post(
    '/api/v1/wat/sessionToken',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Exchange a Web Access Token for a session',
        tags: ['gateway'],
        body: ExchangeBody,
        response: { 200: SessionAnswer },
      },
      onRequest: (request, _reply, done) => {
        const retryAfterSeconds = limiter.retryAfterSeconds(request.ip);
        done(
          retryAfterSeconds === undefined ? undefined : new AppError('rate_limited', { retryAfterSeconds }),
        );
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const session = await exchange(request.body.webAccessToken);
        exchanges.inc({ outcome: 'accepted' });
        const { sessionId, initialiser, webSessionToken, expiresAtMs } = session;
        const expiresAt = new Date(expiresAtMs).toISOString();
        return { sessionId, initialiser, initializer: initialiser, webSessionToken, expiresAt };
      } catch (error) {
        exchanges.inc({ outcome: outcomeOf(error) });
        // The problem document depends on the code alone: refusals of one code are the same byte for byte.
        if (error instanceof RefusedToken) limiter.countRefusal(request.ip);
        throw error;
      }
    },
  );
}

function outcomeOf(error: unknown): string {
  if (error instanceof RefusedToken) return error.reason;
  return error instanceof AppError ? error.code : 'error';
}
