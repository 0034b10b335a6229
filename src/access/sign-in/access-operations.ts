import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute } from '../../platform/http/openapi/notes.ts';

const uiSession = '/api/v1/ui/session';
const apiToken = exampleValues.apiToken.value;
const signedIn = {
  tokenName: 'Monthly export',
  scopes: ['usage:read'],
  expiresAt: '2026-11-21T21:00:00.000Z',
};
const organisation = { id: '0c4d8e1f6a2b9375', name: 'Contoso', createdAt: '2026-11-21T09:00:00.000Z' };

/** What the OpenAPI document says of organisations, the audit log and dashboards beside their schemas. */
export const accessOperations: NotesByRoute = {
  [`POST ${uiSession}`]: {
    operationId: 'signIn',
    problems: ['unauthenticated', 'cross_origin', 'control_store_unavailable'],
    answerHeaders: ['dashboard-cookie'],
    request: { body: { token: apiToken } },
    answer: signedIn,
  },
  [`GET ${uiSession}`]: {
    operationId: 'getSignedIn',
    problems: ['unauthenticated', 'control_store_unavailable'],
    security: [{ dashboard: [] }],
    answer: signedIn,
  },
  [`DELETE ${uiSession}`]: {
    operationId: 'signOut',
    problems: ['cross_origin', 'control_store_unavailable'],
    security: [{ dashboard: [] }, {}],
    answerHeaders: ['dashboard-cookie'],
  },
  'POST /api/v1/organisations': {
    operationId: 'createOrganisation',
    problems: ['all_organisations_needed', 'name_taken'],
    answerHeaders: ['location'],
    request: { body: { name: 'Contoso' } },
    answer: organisation,
  },
  'GET /api/v1/organisations': {
    operationId: 'listOrganisations',
    request: { query: { limit: 50 } },
    answer: { items: [organisation], nextCursor: null },
  },
  'GET /api/v1/audit': {
    operationId: 'listAudit',
    request: { query: { limit: 50 } },
    answer: {
      items: [
        {
          id: '01993f0a-6c1e-7b3a-9d52-8f4e1c7a2b60',
          at: '2026-11-21T09:00:00.000Z',
          actor: `api-token:${exampleValues.apiTokenId.value}`,
          action: 'configuration.create',
          target: exampleValues.configurationId.value,
          result: 'OK',
          organisationId: 'default',
          details: { status: 201, name: 'Customer dashboards' },
        },
      ],
      nextCursor: null,
    },
  },
  'GET /api/v1/refusals': {
    operationId: 'listRefusals',
    request: { query: { limit: 50 } },
    answer: {
      items: [
        {
          day: '2026-11-21',
          configurationId: exampleValues.configurationId.value,
          reason: 'expired',
          refusals: 12,
          lastAt: '2026-11-21T09:00:00.000Z',
        },
      ],
      nextCursor: null,
    },
  },
};
