import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import { NoQuery, strict } from '../../platform/http/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { MeteredExchange } from '../exchange/metered-exchange.ts';
import { answerOf, SessionAnswer } from '../sessions/session-answer.ts';
import type { LinkCodes } from './link-codes.ts';

const RedeemBody = Type.Object(
  { code: Type.String({ maxLength: 128, description: 'What came as wat_code; good once, for 60 s' }) },
  { ...strict, title: 'Redemption', examples: [{ code: exampleValues.linkCode.value }] },
);

/** What an application asks after a hand-off by code. Makes no session: the link has. */
export function registerRedeemRoute(
  server: HttpServer,
  { codes, limited }: { codes: LinkCodes } & Pick<MeteredExchange, 'limited'>,
): void {
  server.post(
    '/api/v1/wat/session/redeem',
    {
      config: { access: 'public', cors: true },
      schema: {
        operationId: 'redeemCode',
        summary: 'Redeem the code of a link for its session',
        description: 'Once, within 60 seconds of the link. The session is the link’s; nothing is counted.',
        tags: ['session'],
        querystring: NoQuery,
        body: RedeemBody,
        response: { 200: SessionAnswer },
        errors: [
          gatewayErrors.code_invalid,
          gatewayErrors.rate_limited,
          platformErrors.control_store_unavailable,
        ],
      },
    },
    async (request, reply) => {
      const session = await codes.redeem(request.body.code);
      // One answer for unknown, used and old codes.
      if (session === undefined) throw await limited(new AppError(gatewayErrors.code_invalid), request);
      reply.header('cache-control', 'no-store');
      return answerOf(session);
    },
  );
}
