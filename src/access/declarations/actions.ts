const apiTokens = '/api/v1/api-tokens';

/** Maps each changing route (method and path) to its action in the audit log. */
export const accessActions = {
  [`POST ${apiTokens}`]: 'api-token.create',
  [`PATCH ${apiTokens}/:id`]: 'api-token.update',
  [`POST ${apiTokens}/:id/generate`]: 'api-token.generate',
  [`POST ${apiTokens}/:id/revoke`]: 'api-token.revoke',
  'POST /api/v1/organisations': 'organisation.create',
};
