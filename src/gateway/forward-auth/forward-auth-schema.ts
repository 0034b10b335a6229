import { Type } from 'typebox';
import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { AnswerHeader } from '../../platform/http/route-schema.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { refusalErrors } from '../exchange/exchange-errors.ts';
import { renewedCookieHeader, sessionSecurity } from '../sessions/session-schemas.ts';

const percentEncoded = 'percent-encoded (UTF-8); empty where there is none';

const answerHeaders: readonly AnswerHeader[] = [
  { name: 'x-wat-subject', description: 'sub, percent-encoded (UTF-8)' },
  { name: 'x-wat-configuration', description: 'Id of the token configuration' },
  { name: 'x-wat-organisation', description: 'Id of the organisation' },
  { name: 'x-wat-session', description: 'Id of the session' },
  { name: 'x-wat-language', description: `lng, ${percentEncoded}` },
  { name: 'x-wat-locale', description: `loc, ${percentEncoded}` },
  { name: 'x-wat-theme', description: `thm, ${percentEncoded}` },
  {
    name: 'x-wat-grants',
    description:
      'grants as base64url of its JSON; `ref` where that is longer than 4 KiB: then the claims have it; empty: inherited',
  },
  {
    name: 'x-wat-assertion',
    description: 'A JWT (EdDSA) of 60 seconds that says the same; /.well-known/jwks.json has its key',
  },
  renewedCookieHeader,
  {
    name: 'x-wat-renewed-token',
    description:
      'A webSessionToken that lives longer, for who came with headers, when half of its time is over',
    isOptional: true,
  },
  { name: 'x-wat-renewed-expires', description: 'Until when that one is valid', isOptional: true },
];

/** The proxy sends the parameters of any request, so that none of them is refused. */
const unvalidated = {
  querystring: {
    count: {
      type: 'string',
      description: '`navigations`: page loads are checked and counted. Everything else is ignored',
      examples: ['navigations'],
    },
  },
  headers: {
    'sec-fetch-mode': {
      type: 'string',
      description: 'As the browser has sent it: `navigate` says that the request is a page load',
      examples: ['navigate'],
    },
    'x-wat-answer': { type: 'string', description: '`200` asks for that status in place of 204' },
  },
};

/** The operation of forward-auth in the OpenAPI document. */
export const forwardAuthSchema = {
  operationId: 'authorizeRequest',
  summary: 'Forward-auth: whose request it is, in headers',
  description:
    'For nginx (auth_request), Envoy and Traefik. `count=navigations` counts page loads. All methods ask the same.',
  tags: ['session'],
  security: sessionSecurity,
  unvalidated,
  response: {
    200: Type.Null({ description: 'The same as 204, for who sends `x-wat-answer: 200`' }),
    204: Type.Null({ description: 'In a session' }),
  },
  answerHeaders,
  errors: [
    ...[gatewayErrors.session_invalid, platformErrors.control_store_unavailable],
    ...refusalErrors,
    journalErrors.journal_unavailable,
  ],
} as const;
