import { Type } from 'typebox';
import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { answerOf, SessionAnswer, textOfAnswer } from '../sessions/session-answer.ts';
import { exchangeErrors } from './exchange-errors.ts';
import type { MeteredExchange } from './metered-exchange.ts';

const ExchangeBody = Type.Object(
  { webAccessToken: Type.String({ description: 'The token, in compact form' }) },
  {
    ...{ title: 'Exchange', additionalProperties: true },
    examples: [{ webAccessToken: exampleValues.webAccessToken.value }],
  },
);

export function registerGatewayRoutes(server: HttpServer, { exchange }: MeteredExchange): void {
  server.post(
    '/api/v1/wat/sessionToken',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'exchangeToken',
        summary: 'Exchange a Web Access Token for a session',
        description:
          'At most 256 KiB. Each exchange is a session and is counted, a repeated one, too. Only refusals are limited: 100 in 10 seconds from one address.',
        tags: ['gateway'],
        body: ExchangeBody,
        response: { 200: SessionAnswer },
        errors: exchangeErrors,
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const session = await exchange(request, request.body.webAccessToken);
      // Only now: a refusal is serialised as all others are.
      reply.header('content-type', 'application/json; charset=utf-8').serializer(textOfAnswer);
      return answerOf(session);
    },
  );
}
