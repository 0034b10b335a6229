import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import type { NotesByRoute } from '../../platform/http/openapi/notes.ts';

import { claimDescriptions } from '../claims/claims-openapi.ts';

const { sub, grants, trc, lng, loc, thm } = claimDescriptions;
const configurationId = exampleValues.configurationId.value;
const token = exampleValues.webAccessToken.value;
const subject = 'alice@example.com';

/** What the OpenAPI document says of the token request service beside its schemas. */
export const authOperations: NotesByRoute = {
  'POST /api/v1/auth/token': {
    operationId: 'requestToken',
    problems: ['configuration_not_found', 'configuration_disabled', 'payload_invalid'],
    bodyMembers: { sub, grants, trc, lng, loc, thm },
    request: {
      body: {
        ...{ configurationId, sub: subject, validityTimeInSec: 60 },
        grants: { res: ['dashboards/sales'] },
        trc: ['newsletter'],
      },
    },
    answer: {
      token,
      creationTime: '2026-11-21T09:00:00.250Z',
      expirationTime: '2026-11-21T09:01:00.250Z',
      validForSubject: subject,
      ...{ configurationId, organisationId: 'default' },
    },
  },
  'POST /api/v1/auth/token/revoke': {
    operationId: 'revokeToken',
    problems: ['web_access_token_not_found', 'configuration_not_found'],
    request: { body: { token, endSessions: true } },
    answer: { revokedAt: '2026-11-21T09:00:00.250Z' },
  },
};
