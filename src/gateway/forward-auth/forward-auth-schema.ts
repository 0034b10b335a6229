import { Type } from 'typebox';
import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { AnswerHeader } from '../../platform/http/routes/route-schema.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { refusalErrors } from '../exchange/exchange-errors.ts';
import { renewedCookieHeader, sessionSecurity } from '../sessions/session-schemas.ts';

const percentEncoded = 'percent-encoded (UTF-8); empty if the token has none';

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
      'grants as base64url-encoded JSON. `ref` if that is longer than 4 KiB: read them from /api/v1/wat/session/claims. Empty if the token has no grants: they are inherited',
  },
  {
    name: 'x-wat-assertion',
    description:
      'A JWT (EdDSA) with the same data, valid for 60 seconds. /.well-known/jwks.json has its public key',
  },
  renewedCookieHeader,
  {
    name: 'x-wat-renewed-token',
    description:
      'A webSessionToken with a later expiry. Present if the client sent the session in headers and half of its lifetime is over',
    isOptional: true,
  },
  { name: 'x-wat-renewed-expires', description: 'The expiry of x-wat-renewed-token', isOptional: true },
];

/**
 * Parameters that are documented but not validated. The proxy forwards the parameters and headers of any request, and
 * none of them must cause an error.
 */
const unvalidated = {
  querystring: {
    count: {
      type: 'string',
      description:
        'With `navigations`, page loads are checked and counted as sessions. Other values are ignored',
      examples: ['navigations'],
    },
  },
  headers: {
    'sec-fetch-mode': {
      type: 'string',
      description: 'Set by the browser. `navigate` marks the request as a page load',
      examples: ['navigate'],
    },
    'x-wat-answer': { type: 'string', description: '`200` requests status 200 instead of 204' },
  },
};

/** Description of the forward-auth operation for the OpenAPI document. */
export const forwardAuthSchema = {
  operationId: 'authorizeRequest',
  summary: 'Forward-auth: return the viewer of a request in headers',
  description:
    'For nginx (auth_request), Envoy and Traefik. `count=navigations` counts page loads. All methods behave the same, except DELETE without a query.',
  tags: ['session'],
  security: sessionSecurity,
  unvalidated,
  response: {
    200: Type.Null({
      description:
        'The request belongs to a session. This status replaces 204 if the request has the header `x-wat-answer: 200`',
    }),
    204: Type.Null({ description: 'The request belongs to a session' }),
  },
  answerHeaders,
  errors: [
    ...[
      gatewayErrors.session_invalid,
      gatewayErrors.prefetch_refused,
      platformErrors.control_store_unavailable,
    ],
    ...refusalErrors,
    journalErrors.journal_unavailable,
  ],
} as const;

/** OpenAPI operation that ends a session. */
export const endSessionSchema = {
  operationId: 'endSession',
  summary: 'End a session',
  description:
    'Ends the session at once in this process, and within 2 seconds in all processes. Removes the cookie. It can be repeated. A DELETE that a proxy forwards (with a query or `x-wat-answer`) is forward-auth instead.',
  tags: ['session'],
  security: sessionSecurity,
  response: { 204: Type.Null({ description: 'The session has ended' }) },
  answerHeaders: [
    { ...renewedCookieHeader, component: 'removed-cookie', description: 'Removes wat_session' },
  ],
  errors: [platformErrors.control_store_unavailable],
} as const;
