import { exampleValues } from '../platform/http/openapi/example-values.ts';
import type { NotesByRoute } from '../platform/http/openapi/notes.ts';

/** What the OpenAPI document says of the gateway's routes beside their schemas. */
export const gatewayOperations: NotesByRoute = {
  'POST /api/v1/wat/sessionToken': {
    operationId: 'exchangeToken',
    problems: [
      'token_invalid',
      'token_not_yet_valid',
      'token_expired',
      'rate_limited',
      'journal_unavailable',
    ],
    request: { body: { webAccessToken: exampleValues.webAccessToken.value } },
    answer: {
      sessionId: '01993f0a-6c1e-7b3a-9d52-8f4e1c7a2b60',
      initialiser: 'm4S3qJ0xT8uYkq2c1WbP9g',
      initializer: 'm4S3qJ0xT8uYkq2c1WbP9g',
      webSessionToken: 'AQAAAZk_CmweqO3Yv1...',
      expiresAt: '2026-11-21T17:00:00.000Z',
    },
  },
};
