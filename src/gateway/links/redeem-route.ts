import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { NoQuery, strict } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { gatewayExamples } from '../declarations/examples.ts';
import type { MeteredExchange } from '../exchange/metered-exchange.ts';
import { SessionAnswer, toSessionAnswer } from '../sessions/session-answer.ts';
import type { LinkCodes } from './link-codes.ts';

const RedeemBody = Type.Object(
  { code: Type.String({ maxLength: 128, description: 'The value of wat_code. Valid once, for 60 seconds' }) },
  { ...strict, title: 'Redemption', examples: [{ code: gatewayExamples.linkCode.value }] },
);

/**
 * Registers the route with which an application redeems a code for the link's session. A redemption does not count a
 * session.
 */
export function registerRedeemRoute(
  server: HttpServer,
  { codes, limitRefusal }: { codes: LinkCodes } & Pick<MeteredExchange, 'limitRefusal'>,
): void {
  server.post(
    '/api/v1/wat/session/redeem',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'redeemCode',
        summary: 'Redeem the code of a link for its session',
        description:
          'A code can be redeemed once, within 60 seconds after the link was opened. The response is the session of the link. Redeeming does not count another session.',
        tags: ['session'],
        querystring: NoQuery,
        body: RedeemBody,
        response: { 200: SessionAnswer },
        errors: [
          gatewayErrors.code_invalid,
          platformErrors.rate_limited,
          platformErrors.control_store_unavailable,
        ],
      },
    },
    async (request, reply) => {
      const session = await codes.redeem(request.body.code);
      // Unknown, used and expired codes have the same error, so that the response does not reveal which codes
      // existed.
      if (session === undefined) throw await limitRefusal(new AppError(gatewayErrors.code_invalid), request);
      reply.header('cache-control', 'no-store');
      return toSessionAnswer(session);
    },
  );
}
