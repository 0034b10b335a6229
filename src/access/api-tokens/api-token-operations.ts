import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute } from '../../platform/http/openapi/notes.ts';

const base = '/api/v1/api-tokens';
const id = exampleValues.apiTokenId.value;
const one = { params: { id } };
const wanted = { name: 'Monthly export', scopes: ['usage:read'], expiresIn: '90d' };
const made = {
  id,
  ...wanted,
  organisationId: 'default',
  configurationIds: null,
  status: 'not_generated',
  createdAt: '2026-11-21T09:00:00.000Z',
  generatedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};
const used = {
  ...made,
  status: 'generated_active',
  generatedAt: '2026-11-21T09:01:00.000Z',
  expiresAt: '2027-02-19T09:01:00.000Z',
  lastUsedAt: '2026-11-21T09:02:00.000Z',
};

/** What the OpenAPI document says of API tokens beside their schemas. */
export const apiTokenOperations: NotesByRoute = {
  [`POST ${base}`]: {
    operationId: 'createApiToken',
    problems: [
      'all_organisations_needed',
      'organisation_not_found',
      'configuration_not_found',
      'name_taken',
      'bound_token_scopes',
    ],
    answerHeaders: ['location'],
    request: { body: wanted },
    answer: made,
  },
  [`GET ${base}`]: {
    operationId: 'listApiTokens',
    request: { query: { limit: 50 } },
    answer: { items: [used], nextCursor: null },
  },
  [`GET ${base}/:id`]: {
    operationId: 'getApiToken',
    problems: ['api_token_not_found'],
    request: one,
    answer: used,
  },
  [`GET ${base}/:id/log`]: {
    operationId: 'getApiTokenLog',
    problems: ['api_token_not_found'],
    request: { ...one, query: { limit: 50 } },
    answer: {
      items: [
        {
          tokenName: 'Monthly export',
          activity: 'AUTHENTICATE',
          activityOn: '2026-11-21T09:02:00.000Z',
          activityBy: 'Monthly export',
          authenticationResult: 'OK',
        },
      ],
      nextCursor: null,
    },
  },
  [`PATCH ${base}/:id`]: {
    operationId: 'changeApiToken',
    problems: ['api_token_not_found', 'api_token_revoked', 'name_taken', 'bound_token_scopes'],
    request: { ...one, body: { name: 'Yearly export', expiresIn: '1y' } },
    answer: { ...used, name: 'Yearly export', expiresIn: '1y' },
  },
  [`POST ${base}/:id/generate`]: {
    operationId: 'generateApiToken',
    problems: ['api_token_not_found', 'api_token_revoked'],
    request: one,
    answer: {
      token: exampleValues.apiToken.value,
      expiresAt: '2027-02-19T09:01:00.000Z',
      status: 'generated_inactive',
    },
  },
  [`POST ${base}/:id/revoke`]: {
    operationId: 'revokeApiToken',
    problems: ['api_token_not_found'],
    request: one,
    answer: { ...used, status: 'revoked' },
  },
};
