import { Type } from 'typebox';
import type { HttpServer } from '../../platform/http/server.ts';
import { tokenExamples } from '../../tokens/declarations/examples.ts';
import { SessionAnswer, serializeSessionAnswer, toSessionAnswer } from '../sessions/session-answer.ts';
import { exchangeErrors } from './exchange-errors.ts';
import type { MeteredExchange } from './metered-exchange.ts';

const ExchangeBody = Type.Object(
  { webAccessToken: Type.String({ description: 'The token in JWE compact serialisation' }) },
  {
    ...{ title: 'Exchange', additionalProperties: true },
    examples: [{ webAccessToken: tokenExamples.webAccessToken.value }],
  },
);

/** Registers the route that exchanges a Web Access Token for a session. */
export function registerExchangeRoute(server: HttpServer, { exchange }: MeteredExchange): void {
  server.post(
    '/api/v1/wat/sessionToken',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'exchangeToken',
        summary: 'Exchange a Web Access Token for a session',
        description:
          'The body has at most 256 KiB. Each exchange starts and counts a new session, also with the same token. The rate limit applies to refusals only: 100 in 10 seconds from one address.',
        tags: ['gateway'],
        body: ExchangeBody,
        response: { 200: SessionAnswer },
        errors: exchangeErrors,
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const session = await exchange(request, request.body.webAccessToken);
      // The serialiser is set after the exchange, because it cannot serialise the problem document of a failed
      // exchange.
      reply.header('content-type', 'application/json; charset=utf-8').serializer(serializeSessionAnswer);
      return toSessionAnswer(session);
    },
  );
}
