import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute, OperationNotes } from '../../platform/http/openapi/notes.ts';
import { exampleSession } from '../exchange/gateway-operations.ts';

const base = '/api/v1/wat/session';

const inSession = {
  security: [{ webSession: [], initialiser: [] }, { sessionCookie: [] }],
  problems: ['session_invalid', 'control_store_unavailable'],
} as const satisfies Partial<OperationNotes>;

const { sessionId, expiresAt } = exampleSession;

/** What the OpenAPI document says of open sessions beside their schemas. */
export const sessionOperations: NotesByRoute = {
  [`GET ${base}`]: {
    ...inSession,
    operationId: 'authorizeRequest',
    problems: [
      ...inSession.problems,
      ...(['token_invalid', 'token_not_yet_valid', 'token_expired', 'token_revoked'] as const),
      'journal_unavailable',
    ],
    answerHeaders: [
      ...(['x-wat-subject', 'x-wat-configuration', 'x-wat-organisation', 'x-wat-session'] as const),
      ...(['x-wat-language', 'x-wat-locale', 'x-wat-theme', 'x-wat-grants', 'x-wat-assertion'] as const),
      ...(['renewed-cookie', 'x-wat-renewed-token', 'x-wat-renewed-expires'] as const),
    ],
    parameters: {
      query: {
        count: {
          type: 'string',
          description: '`navigations`: page loads are checked and counted. Everything else is ignored',
        },
      },
      header: {
        'sec-fetch-mode': {
          type: 'string',
          description: 'As the browser has sent it: `navigate` says that the request is a page load',
        },
        'x-wat-answer': { type: 'string', description: '`200` asks for that status in place of 204' },
      },
    },
    request: { query: { count: 'navigations' }, headers: { 'sec-fetch-mode': 'navigate' } },
  },
  [`GET ${base}/claims`]: {
    ...inSession,
    operationId: 'getSessionClaims',
    answer: {
      sessionId,
      subject: 'alice@example.com',
      configurationId: exampleValues.configurationId.value,
      organisationId: 'default',
      grants: { res: ['dashboards/sales'] },
      ...{ lng: 'de-DE', loc: null, thm: null },
      tags: ['newsletter'],
      expiresAt,
    },
  },
  [`POST ${base}/renew`]: {
    ...inSession,
    operationId: 'renewSession',
    answerHeaders: ['renewed-cookie'],
    answer: exampleSession,
  },
  [`POST ${base}/redeem`]: {
    operationId: 'redeemCode',
    problems: ['code_invalid', 'rate_limited', 'control_store_unavailable'],
    request: { body: { code: exampleValues.linkCode.value } },
    answer: exampleSession,
  },
  'GET /.well-known/jwks.json': {
    operationId: 'getAssertionKeys',
    answer: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    },
  },
};
