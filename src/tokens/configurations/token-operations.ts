import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute } from '../../platform/http/openapi/notes.ts';

import { claimsDescription } from '../claims/claims-openapi.ts';

const base = '/api/v1/web-access-tokens';
const configurations = `${base}/configurations`;
const id = exampleValues.configurationId.value;
const publicKey = exampleValues.publicKey.value;
const configuration = {
  id,
  name: 'Customer dashboards',
  enabled: true,
  createdAt: '2026-11-21T09:00:00.000Z',
};
const one = { params: { id } };
const keyHeaders = ['location', 'content-disposition', 'x-configuration-id'] as const;

/** What the OpenAPI document says of configurations and tokens beside their schemas. */
export const tokenOperations: NotesByRoute = {
  [`POST ${configurations}`]: {
    operationId: 'createConfiguration',
    answerHeaders: keyHeaders,
    request: { body: { name: 'Customer dashboards' } },
    answer: { ...configuration, publicKey },
  },
  [`GET ${configurations}`]: {
    operationId: 'listConfigurations',
    request: { query: { limit: 50 } },
    answer: { items: [configuration], nextCursor: null },
  },
  [`GET ${configurations}/:id`]: {
    operationId: 'getConfiguration',
    problems: ['configuration_not_found'],
    request: one,
    answer: configuration,
  },
  [`PATCH ${configurations}/:id`]: {
    operationId: 'changeConfiguration',
    problems: ['configuration_not_found'],
    request: { ...one, body: { name: 'Partner dashboards', enabled: false } },
    answer: { ...configuration, name: 'Partner dashboards', enabled: false },
  },
  [`DELETE ${configurations}/:id`]: {
    operationId: 'deleteConfiguration',
    problems: ['configuration_not_found'],
    request: one,
  },
  [`POST ${configurations}/:id/rotate`]: {
    operationId: 'rotateConfigurationKey',
    problems: ['configuration_not_found', 'too_many_keys'],
    answerHeaders: keyHeaders,
    request: { ...one, body: { acceptOldUntil: '2026-12-31T00:00:00Z' } },
    answer: { ...configuration, publicKey },
  },
  [`POST ${base}/generate`]: {
    operationId: 'generateToken',
    problems: ['configuration_not_found', 'invalid_public_key', 'payload_invalid'],
    bodyMembers: { payload: claimsDescription },
    request: {
      body: {
        configurationId: id,
        publicKey,
        payload: {
          sub: 'alice@example.com',
          exp: 1924988400,
          grants: { res: ['dashboards/sales'], prm: ['filter'] },
          trc: ['newsletter'],
        },
      },
    },
    answer: {
      token: exampleValues.webAccessToken.value,
      findings: [],
    },
  },
  [`POST ${base}/test`]: {
    operationId: 'testToken',
    request: { body: { token: exampleValues.webAccessToken.value } },
    answer: {
      valid: true,
      header: { alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: id },
      payload: { sub: 'alice@example.com', exp: 1924988400, trc: ['newsletter'] },
      findings: [
        {
          level: 'data',
          path: '/sub',
          severity: 'warning',
          message: 'was not checked: no subjects are registered',
          fix: 'Register the subjects of your application in the directory.',
        },
      ],
    },
  },
};
