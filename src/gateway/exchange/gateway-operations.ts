import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute, OperationNotes } from '../../platform/http/openapi/notes.ts';

const token = exampleValues.webAccessToken.value;
const refusals = [
  'token_invalid',
  'token_not_yet_valid',
  'token_expired',
  'token_revoked',
  'rate_limited',
] as const;
/** Of the store only where claims do not fit into a session's token, or a link hands off by code. */
const outages = ['journal_unavailable', 'control_store_unavailable'] as const;

const link = {
  problems: [
    ...refusals,
    ...outages,
    'link_path_invalid',
    'prefetch_refused',
    'link_target_missing',
    'uri_too_long',
  ],
  hasPages: true,
  answerHeaders: ['target', 'link-cookie'],
} as const satisfies Partial<OperationNotes>;

const place = {
  type: 'string',
  description:
    'Where in the application: below LINK_TARGET_URL, slashes not encoded. May be left out. The query goes along',
};

/** A session as an exchange answers it. */
export const exampleSession = {
  sessionId: '01993f0a-6c1e-7b3a-9d52-8f4e1c7a2b60',
  initialiser: 'm4S3qJ0xT8uYkq2c1WbP9g',
  initializer: 'm4S3qJ0xT8uYkq2c1WbP9g',
  webSessionToken: 'wms1.AQAAAZk_CmweqO3Yv1...',
  expiresAt: '2026-11-21T17:00:00.000Z',
};

/** What the OpenAPI document says of the gateway's routes beside their schemas. */
export const gatewayOperations: NotesByRoute = {
  'POST /api/v1/wat/sessionToken': {
    operationId: 'exchangeToken',
    problems: [...refusals, ...outages],
    request: { body: { webAccessToken: token } },
    answer: exampleSession,
  },
  'GET /wat/:token/*': {
    ...link,
    operationId: 'openLink',
    parameters: {
      path: { token: { type: 'string', description: 'The web access token, up to 12 KiB' }, path: place },
    },
    request: { params: { token, path: 'dashboards/sales' } },
  },
  'POST /wat/*': {
    ...link,
    operationId: 'openLinkByForm',
    parameters: { path: { path: place } },
    request: { params: { path: 'dashboards/sales' }, body: { wat: token } },
  },
};
